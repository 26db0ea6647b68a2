"""How many segments an SMS has: 160 GSM-7 characters or 70 others, fewer when it has to be joined. 3GPP TS 23.038"""

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_EXTENDED = frozenset("^{}\\[~]|€\f")


def segments(text: str) -> int:
    """The number of segments `text` is sent in."""
    if all(char in GSM_7 or char in GSM_7_EXTENDED for char in text):
        length = sum(2 if char in GSM_7_EXTENDED else 1 for char in text)
        single, joined = 160, 153
    else:
        length = len(text.encode("utf-16-be")) // 2
        single, joined = 70, 67
    return 1 if length <= single else -(-length // joined)
