/* The offline page stands at the address that could not be reached: once there is a connection, ask for it again. */
addEventListener("online", () => location.reload());
