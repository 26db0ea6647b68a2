"""The kinds of our messages, and by what a reader tells one from another, in either language."""

import re
from enum import StrEnum


class Way(StrEnum):
    """How something reaches somebody."""

    TEXT = "text"
    MAIL = "mail"
    PUSH = "push"
    ANSWER = "answer"
    """To a text that came in."""
    CALL = "call"


class Kind(StrEnum):
    """What a message is about, as its reader sees it."""

    OFFER = "offer"
    LOST = "lost"
    DETAILS = "details"
    SIGN_IN = "sign_in"
    NO_AGENT = "no_agent"
    NUMBER_CODE = "number_code"
    NUMBER_CONFIRM = "number_confirm"
    NUMBER_CHANGED = "number_changed"
    CLIENT_CALLED = "client_called"
    UNPLACED = "unplaced"
    CLAIMED_BY_PIN = "claimed_by_pin"
    CEILING = "ceiling"
    HELD = "held"
    PREPARED = "prepared"
    CLIENT_BOOKED = "client_booked"
    BOOKED_SOON = "booked_soon"
    CLIENT_ASKS = "client_asks"
    CLIENT_TEXTED = "client_texted"
    AGENT_REPLY = "agent_reply"
    CLIENT_VOICEMAIL = "client_voicemail"
    BAD_REFERRAL = "bad_referral"
    RELEASED = "released"
    FOLLOW_UP = "follow_up"
    UNWORKED = "unworked"
    WENT_ON = "went_on"
    NOT_WORKED = "not_worked"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken_back"
    HANDOVER_ASKED = "handover_asked"
    HANDOVER_ANSWERED = "handover_answered"
    JOIN_ASKED = "join_asked"
    JOINED = "joined"
    WEBHOOK_DOWN = "webhook_down"
    WELCOME = "welcome"
    TEST = "test"


TEXTS = {
    Kind.OFFER: r"Reply 1[A-Z]? for a call, 2[A-Z]? to decline",
    Kind.LOST: r"was first(, by \d+ seconds?)?: ",
    Kind.CLIENT_CALLED: r"called you back and didn't get through",
    Kind.UNPLACED: r"We couldn't call you: ",
    Kind.CLAIMED_BY_PIN: r"claimed by PIN, ",
    Kind.NUMBER_CODE: r"^\d{6} is your .*code\.",
    Kind.SIGN_IN: r"^\d{3} \d{3} is your .* sign-in code\.",
    Kind.NUMBER_CHANGED: r"the phone ending \d{4}.* Undo: ",
    Kind.PREPARED: r"Call now or pick a time: |Elija la hora: ",
    Kind.CLIENT_BOOKED: r"in ten minutes, from|en diez minutos desde",
    Kind.BOOKED_SOON: r"We ring you and .* at ",
    Kind.CLIENT_ASKS: r"asked for (a call|no calls)|would rather text|number is someone else's",
    Kind.CLIENT_TEXTED: r"texted you\. Read it",
    Kind.AGENT_REPLY: r"^\w+: .*suits me",
    Kind.CLIENT_VOICEMAIL: r"left you a message\. Listen",
    Kind.HANDOVER_ASKED: r" hands you a client: ",
    Kind.HANDOVER_ANSWERED: r"(has taken over|can't take over) .*\. http",
    Kind.UNWORKED: r"or another agent takes over: ",
    Kind.ASSIGNED: r"Your network gives you .*\. Call them: ",
    Kind.TAKEN_BACK: r"Your network has taken .* back: ",
    Kind.WENT_ON: r"heard nothing from you for \d+ hours? and has gone",
    Kind.WELCOME: r"we text you referrals as they come",
    Kind.TEST: r"^Texts from .* reach you\.",
}
MAILS = {
    Kind.OFFER: r'tap "Call me"\. We ring you',
    Kind.LOST: r"was first.*\n.* is with (your team|another agent)\.",
    Kind.DETAILS: r"Everything in your portal",
    Kind.SIGN_IN: r"sign in to .* with this link",
    Kind.NO_AGENT: r"is open, and no offer stands any more|Nobody has \d+ more",
    Kind.NUMBER_CONFIRM: r"Make it your number for all referrals",
    Kind.CLIENT_CALLED: r"called you back at",
    Kind.CLAIMED_BY_PIN: r"was claimed for you with the PIN",
    Kind.HELD: r"The same client's same need came on|more referrals? (was|were) sent twice",
    Kind.PREPARED: r"so that you know who it is\.|para saber quién llama\.",
    Kind.CLIENT_BOOKED: r"Another time, or no call:|Otra hora, o ninguna llamada:",
    Kind.BOOKED_SOON: r"Move it or drop it:",
    Kind.CLIENT_ASKS: r"asked for (a call|no calls)|would rather text|number is someone else's",
    Kind.CLIENT_TEXTED: r"texted you\. Read it",
    Kind.CLIENT_VOICEMAIL: r"left you a message\. Listen",
    Kind.BAD_REFERRAL: r" reports the referral |more referrals? (was|were) reported",
    Kind.RELEASED: r" has given back |more referrals? (was|were) given back",
    Kind.FOLLOW_UP: r"you two haven't talked yet",
    Kind.UNWORKED: r"we have seen no call, message or note from you since",
    Kind.WENT_ON: r"heard nothing from you for \d+ hours?, so your network",
    Kind.ASSIGNED: r"They are your client from now on",
    Kind.TAKEN_BACK: r"They are not your client any more",
    Kind.NOT_WORKED: r"was warned twice, and did nothing\.|claimed and not worked",
    Kind.HANDOVER_ASKED: r"would like you to take over a client",
    Kind.HANDOVER_ANSWERED: r"and is their agent from now on|They stay with you",
    Kind.JOIN_ASKED: r"would like to join (your team|the network)",
    Kind.JOINED: r"^You are in: ",
    Kind.CEILING: r"A ceiling has been reached",
    Kind.WEBHOOK_DOWN: r"Events are kept for 30 days",
    Kind.TEST: r"this is the test you asked for",
}
"""By what a reader tells one kind of message from another."""
IN_SPANISH: dict[Way, dict[Kind, str]] = {
    Way.TEXT: {
        Kind.OFFER: r"Responde 1[A-Z]? y te llamamos, 2[A-Z]? si no",
        Kind.LOST: r"ha llegado antes(, por \d+ segundos?)?: ",
        Kind.CLIENT_CALLED: r"te devuelve la llamada y no te encuentra",
        Kind.UNPLACED: r"No pudimos llamarte: ",
        Kind.CLAIMED_BY_PIN: r"reclamado por PIN, ",
        Kind.NUMBER_CODE: r"^\d{6} es tu clave de ",
        Kind.SIGN_IN: r"^\d{3} \d{3} es tu clave para entrar",
        Kind.NUMBER_CHANGED: r"al tel\. \d{4}.* Deshacer: ",
        Kind.BOOKED_SOON: r"Te llamamos a ti y a .* Cambiar: ",
        Kind.CLIENT_ASKS: r"pide una llamada|no quiere llamadas|prefiere mensajes|es de otra persona",
        Kind.CLIENT_TEXTED: r"te ha escrito\. Lee",
        Kind.CLIENT_VOICEMAIL: r"mensaje de voz\. Escucha",
        Kind.HANDOVER_ASKED: r" te pasa un cliente: ",
        Kind.HANDOVER_ANSWERED: r"(se hace|no puede hacerse) cargo de .*\. http",
        Kind.UNWORKED: r"^(.*: )?Llama a .* pasa a otro agente: ",
        Kind.WENT_ON: r"no supo de ti en \d+ horas? y pasa",
        Kind.ASSIGNED: r"Tu red te da a .*\. Llama: ",
        Kind.TAKEN_BACK: r"Tu red retira a .*: http",
        Kind.WELCOME: r"te mandamos los referidos por mensaje",
        Kind.TEST: r"mensajes (de .* )?te llegan\.",
    },
    Way.MAIL: {
        Kind.OFFER: r'toca "Llámame"\. Te llamamos',
        Kind.LOST: r"ha llegado antes.*\n.*(está con tu equipo|lo tiene otro agente)\.",
        Kind.DETAILS: r"Todo está en tu portal",
        Kind.SIGN_IN: r"entra en .* con este enlace",
        Kind.NUMBER_CONFIRM: r"Haz que sea tu número para todos",
        Kind.CLIENT_CALLED: r"te devolvió la llamada .* no pudo",
        Kind.CLAIMED_BY_PIN: r"fue reclamado a tu nombre con el PIN",
        Kind.BOOKED_SOON: r"Moverla o cancelarla:",
        Kind.CLIENT_ASKS: r"pide una llamada|no quiere llamadas|prefiere mensajes|es de otra persona",
        Kind.CLIENT_TEXTED: r"te escribió\. Lee",
        Kind.CLIENT_VOICEMAIL: r"te dejó un mensaje\. Escúchalo",
        Kind.FOLLOW_UP: r"todavía no han hablado",
        Kind.UNWORKED: r"no hemos visto ninguna llamada, mensaje ni nota tuya",
        Kind.WENT_ON: r"no supo de ti en \d+ horas?, así que tu red",
        Kind.ASSIGNED: r"Desde ahora es tu cliente",
        Kind.TAKEN_BACK: r"Ya no es tu cliente",
        Kind.HANDOVER_ASKED: r"quiere que te hagas cargo de un cliente",
        Kind.HANDOVER_ANSWERED: r"desde ahora es su agente|Sigue contigo",
        Kind.JOIN_ASKED: r"quiere entrar en tu equipo",
        Kind.JOINED: r"^Ya estás dentro: ",
        Kind.TEST: r"esta es la prueba que pediste",
    },
}
"""The same of an agent who is written to in Spanish."""


def kind_of(way: Way, words: str) -> Kind | None:
    """What a text or mail with these words is; None for words we do not have."""
    english = TEXTS if way is Way.TEXT else MAILS
    patterns = [*english.items(), *IN_SPANISH[way].items()]
    return next((kind for kind, pattern in patterns if re.search(pattern, words)), None)
