"""What serves those who build Dibs, and never the product: demo, embedded servers, bench, race, pictures, lock."""
