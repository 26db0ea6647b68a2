"""Recognises a request for no more calls or texts in a client's own words. Pure.

Any plain wording counts (47 CFR 64.1200(a)(10)), in English and in Spanish. Words about when to call, or how, ask for
no end of it: "don't call me before 5".
"""

import re

from app.clients.consent import Way
from app.core.contact import without_invisible

_LATER = (
    r"\b(?! *(?:me |us |back |again )*(?:before|after|until|till|til|today|tonight|tomorrow|now|right now|yet|at|on|in"
    r"|this (?:morning|afternoon|evening|week)|between|during|while|when|so early|so late|early|late)\b)"
)
_LUEGO = (
    r"\b(?! *(?:antes|despues|hasta|hoy|ahora|manana|esta|todavia|aun|tan|entre|por la|en la|a las|cuando|mientras)\b)"
)
_REACHING = (
    r"(?:call(?:ing|s)?|phon(?:e|ing)|ring(?:ing)?|contact(?:ing)?|reach(?:ing)?(?: out)?"
    r"|(?:bother|harass)(?:ing)?)"
)
_WRITING = r"(?:text(?:ing|s)?|messag(?:e|es|ing)|sms)"
_LLAMAR = r"(?:llam(?:ar|arme|e|en|es)|contact(?:ar|arme|e|en|es)|molest(?:ar|arme|e|en|es))"
_ESCRIBIR = r"(?:escrib(?:ir|irme|a|an|as)|(?:mand|envi)(?:ar|arme|e|en|es)(?: mas)? (?:mensajes|textos))"
_NOT = r"(?:do not|don ?t|never|no|please no|quit|stop|cease)"
BOTH = re.compile(
    r"\b(?:wrong (?:number|person|guy|lady)|not (?:my number|the right (?:number|person))"
    r"|remove (?:me|my (?:number|phone))|take (?:me|my (?:number|phone)) off|opt(?: me)? ?out|unsubscribe"
    r"|leave me alone|lose my number|do not contact|no contact|delete my (?:number|info\w*)"
    r"|numero (?:equivocado|incorrecto)|(?:se )?equivoc(?:o|aron|aste) de (?:numero|persona)"
    r"|(?:quit|borr|elimin|saqu)(?:e|en)me|dejen?me en paz)\b"
)
CALLS = re.compile(
    rf"\b(?:{_NOT} (?:more |any more |ever )?{_REACHING}{_LATER}|no me (?:vuelva[ns]? a )?{_LLAMAR}{_LUEGO}"
    rf"|(?:deje[ns]?|pare[ns]?) de {_LLAMAR}|no (?:mas|quiero) (?:mas )?llamadas|no llam(?:ar|en|e){_LUEGO})"
)
TEXTS = re.compile(
    rf"\b(?:{_NOT} (?:more |any more |ever |sending )?{_WRITING}{_LATER}|no me (?:vuelva[ns]? a )?{_ESCRIBIR}{_LUEGO}"
    rf"|(?:deje[ns]?|pare[ns]?) de {_ESCRIBIR}|no (?:mas|quiero) (?:mas )?(?:mensajes|textos))"
)
BARE = frozenset(
    "stop stopall quit end cancel revoke alto pare parar basta baja cancelar".split()  # noqa: SIM905
)
"""Single words that opt out of the channel they arrive on."""
_POLITE = re.compile(r"^(?:please|por favor) | (?:please|thanks|thank you|now|por favor|gracias)$")
_MARKS = str.maketrans("áéíóúüñ\u2019'", "aeiouun  ")


def unwanted_ways(text: str) -> tuple[Way, ...]:
    """The ways the sender of this text no longer wants to be contacted; empty if it says nothing like that."""
    words = " ".join(re.sub(r"[^\w' \u2019]", " ", without_invisible(text).casefold()).translate(_MARKS).split())
    if _POLITE.sub("", words) in BARE:
        return (Way.TEXT,)
    if BOTH.search(words):
        return (Way.CALL, Way.TEXT)
    found = [way for way, pattern in ((Way.CALL, CALLS), (Way.TEXT, TEXTS)) if pattern.search(words)]
    if Way.CALL in found:
        return (Way.CALL, Way.TEXT)  # who wants no calls gets no texts either, until they say that those are welcome
    return tuple(found)
