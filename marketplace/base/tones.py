"""The colour and the icon that go with a state's word, the same on every page.

Keys are the states' codes in rules/states of listings and deals; an unknown one is neutral.
"""

_TONES = {
    "neutral": ("", "circle-dashed"),
    "brand": ("brand", "player-play"),
    "ok": ("ok", "check"),
    "info": ("info", "hourglass"),
    "accent": ("accent", "user-check"),
    "warn": ("warn", "clock"),
    "danger": ("danger", "alert-triangle"),
}
_STATES = {
    "neutral": "draft withdrawn hidden exited terminated expired superseded reversed released"
    " cancelled closed scheduled due requested waived reversal",
    "info": "office_review platform_review in_review in_talks awaiting_university notice_running"
    " running submitted awaiting_platform terms_accepted awaiting_first reserved",
    "accent": "awaiting_decision ready_to_sign report_due awaiting_second proposed",
    "ok": "confirmed published paid settled accepted final approved ended_clean live delivered"
    " recovered verified corrected",
    "brand": "in_trial extended paying provisionally_accepted issued",
    "warn": "accruing charged notice_paused paused questioned part_paid payment_due pending"
    " unverified",
    "danger": "to_correct frozen refused breached overdue disputed in_claim objection_upheld"
    " parked rejected overdue_report",
}
TONE_OF = {state: _TONES[tone] for tone, states in _STATES.items() for state in states.split()}


def tone(state: str) -> str:
    """The tag's tone: "" (neutral), brand, ok, warn, danger, info or accent."""
    return TONE_OF.get(state, _TONES["neutral"])[0]


def icon(state: str) -> str:
    """The icon that stands beside the state's word."""
    return TONE_OF.get(state, _TONES["neutral"])[1]
