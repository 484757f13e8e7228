"""The cues of English, and the verbs with which undertakings begin."""

from typing import Any

from commitments.candidates.languages import Takes, one_of
from commitments.choices import MentionKind, Modality

_ADVERB = r"(?: (?:\w+ly|also|further|both|again|likewise|themselves|itself|ourselves|in principle|once more|all|then|in \w+))*"
_ASIDE = r"(?:\s*,[^,;:.]{2,70},)?"
_ON = r"(?: on (?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|the same day|this occasion|\d{1,2} \w+|\w+ \d{1,2}|behalf of \w+ \w+))?"
_GAP = rf"{_ADVERB}{_ASIDE}{_ADVERB}{_ON}(?: (?:with|at|during|between|among)(?: (?!to\b|that\b|on\b)[\w'’-]+){{1,9}}?)?{_ASIDE}{_ADVERB}"
_TO = r" (?P<comp>to|that|on|upon|in(?= \w+ing\b))\b"
_NOUN_OF_WILL = "(?P<noun>commitment|determination|resolve|readiness|willingness|intention|pledge|undertaking|preparedness)"

STRONG_VERBS = one_of(
    """
    abide, abolish, accede, accelerate, activate, address, adhere, adopt, advance, align, allocate, allow,
    amend, apply, appoint, arrange, assign, assist, attach, attract, avoid, ban, begin, boost, bring,
    broaden, build, build up, carry on, carry out, celebrate, circulate, clarify, co-finance, co-host,
    collaborate, combat, commence, commission, communicate, compile, complete, conclude, conduct, confirm,
    connect, consolidate, construct, consult, continue, contribute, convene, convert, cooperate,
    coordinate, counter, create, cultivate, deepen, defend, delay, deliver, deploy, designate, develop,
    digitise, digitize, disburse, disclose, discontinue, discuss, dismantle, dispatch, diversify,
    do (?=(?:its|their|his|her|all|the) (?:utmost|best|part)\\b), double, double-check, draft, draw up,
    dredge, drive, earmark, ease, effect, elaborate, electrify, elevate, eliminate, embed, emphasise,
    empower, enable, enact, encourage, endorse, enforce, engage, enhance, enlarge, enrich, ensure, enter,
    equip, erect, establish, evacuate, examine, exempt, expand, expedite, expel, explore, extend,
    facilitate, fast-track, fight, finalise, finalize, forge, formalise, formalize, foster, fulfil,
    fulfill, further, gather, give, give up, go on, grant, guarantee, halt, hand over, harmonise,
    harmonize, hasten, help, hold, honor, honour, identify, illuminate, immunise, implement, improve,
    inaugurate, incorporate, inform, initiate, inspect, install, institute, intensify, introduce, invest,
    investigate, invite, join, jointly, keep, keep up, launch, lead, legislate, liberalise, liberalize,
    lift, localise, look for, look into, lower, maintain, make, manage, merge, mine-clear, mobilise,
    mobilize, modernise, modernize, negotiate, nominate, normalise, normalize, notify, nurture, offer,
    open, operate, oppose, optimise, optimize, organise, organize, outlaw, participate, pass on,
    pay attention, perform, persist, persuade, phase, phase out, post, postpone, prepare, preserve,
    press ahead, prevent, prioritise, prioritize, privatise, prohibit, promote, propose, prosecute,
    protect, provide, publish, punish, pursue, push ahead, put, raise, ratify, reach, realise, realize,
    rebuild, receive (?=trainees|students|officers), recognise, recognize, recruit, reduce, refer, refrain,
    register, rehabilitate, rehouse, reinforce, reinstate, relax, relocate, remit, remove, rename, renew,
    reopen, replace, rescue, resolve, restart, restore, restructure, resume, revise, revitalise,
    revitalize, ring-fence, roll out, safeguard, scale up, scrap, secure, seek, send, serve, set aside,
    set up, settle, simplify, solve, speed up, stand (?=ready|together|by|firm), standardise, standardize,
    start, steer, step up, stimulate, streamline, strengthen, strive, submit, subscribe, subsidise, supply,
    suspend, sustain, synchronise, synchronize, table, tackle, take, teach, tighten, tolerate, train,
    transfer, translate, triple, undertake, unify, unlock, update, upgrade, uphold, urge, utilise, utilize,
    vaccinate, verify, waive, widen, withdraw, work out, write off
    """
)
_WEAK_VERBS = one_of(
    """
    back, buy, cap, clear, close, contact, cover, cut, deposit, display, divert, drop, exchange, exhume,
    export, fence, finance, fix, focus, found, free, fund, heed, hire, host, import, increase, index,
    insure, issue, lead, lease, levy, license, link, list, loan, map, mark, market, match, meet, monitor,
    mount, move, name, narrow, observe, occupy, offset, order, outline, patrol, pay, permit, photograph,
    pilot, plan, plant, plough, police, pool, present, proceed, process, produce, purchase, reciprocate,
    reform, regulate, reject, release, rent, repair, report, research, respect, retain, return, review,
    run, save, screen, second, select, sell, share, shelter, shift, sign, spend, sponsor, spread, station,
    stop, store, study, support, survey, switch, test, trade, transport, turn, use, value, vet, visit,
    weigh, welcome, work
    """
)
GERUND = r"(?:[a-z]{3,}ing)"
_AFTER_WEAK = (
    r"(?= (?:the|an?|its|their|each|one|all|on|information|experiences?|expertise|delegations|views|new|"
    r"more|data|further|joint|for|any|"
    r"out|existing|common|both|back|down|with|against|towards|two|three|several|some|high-level|"
    r"technical|training|students|officials|best|"
    r"regular|additional|relevant|bilateral|mutual|duty-free|viet|vietnamese|cambodia|laos|lao|thai\w*|"
    r"japan\w*|india\w*|chin\w*|[\w-]+ly|\d[\d.,]*)\b)"
)
ADVERBS = r"(?:(?:\w+ly|also|further|soon|not|together|jointly|better|always|never|mutually|well|to|continue to|continue|go on) )*"
VERB = rf"{ADVERBS}(?:{STRONG_VERBS}\b|{_WEAK_VERBS}\b{_AFTER_WEAK})"

CUES: tuple[tuple[str, str, Takes, dict[str, Any]], ...] = (
    # -- agreed, together or alone --
    (
        rf"\b(?:agree[sd]?|concur(?:s|red)?|decide[sd]?|resolve[sd]?|consent(?:s|ed)?){_GAP}{_TO}",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:reach|reache[sd]|came to|come to|arrive[sd]? at|found|forged)(?: an?| the| full| broad| "
        r"common| important| high)* "
        r"(?:agreement|consensus|understanding|common ground)s?" + _TO,
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (r"\b(?:were|are|was) in agreement" + _TO, Modality.AGREED, Takes.DEED, {}),
    (
        r"\bit (?:was|is|has been|had been)(?: also| further| likewise| then)* (?:agreed|decided|"
        r"resolved|concluded|understood|settled)" + _ASIDE + _TO,
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:agreement|consensus|understanding) (?:was|has been)(?: also)? reached" + _TO,
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:was|were)(?: also| likewise| further| jointly| mutually)*"
        r" agreed(?: upon| on)?(?=[.;,]|$| by| for| at| in| during| between| as| with)",
        Modality.AGREED,
        Takes.PASSIVE,
        {},
    ),
    (rf"\bundert(?:ake|akes|ook|aken){_GAP}{_TO}", Modality.COMMITTED, Takes.DEED, {}),
    (rf"\bcommit(?:s|ted)?{_GAP}{_TO}", Modality.COMMITTED, Takes.DEED, {}),
    (
        r"\bcommit(?:s|ted)?(?= (?:an?|another|some|up|over|more|us|\$|€|£|\d|further|additional)\b| "
        r"[$€£]?\d)",
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\boffer(?:s|ed)? (?:(?P<comp>to)\b|(?=(?:an?|another|up to|its|free|full|more|additional|"
        r"further|technical|\d[\d.,]*) (?:[\w-]+ ){0,3}?"
        r"(?:slots?|places?|seats?|scholarships?|assistance|training|support|help|grants?|loans?|"
        r"credits?|courses?|equipment|experts?|expertise|tonnes|million|billion)\b))",
        Modality.STANDS_READY,
        Takes.DEED,
        {},
    ),
    (r"\b(?P<comp>is|are|was|were) going to\b", Modality.WILL, Takes.SELF, {}),
    (
        r"\b(?:sought|seeks?)(?= (?!to\b)(?:the |its |their |early |\w+'s |\w+ )?(?:support|assistance|"
        r"help|facilitation|cooperation|backing|consideration|opening|access)\b)",
        Modality.REQUESTED,
        Takes.REQUEST,
        {},
    ),
    (
        r"\b(?:strive[sd]?|strove|aim(?:s|ed)?) (?P<comp>to|for|at)\b",
        Modality.COMMITTED,
        Takes.DEED,
        {"is_weak": True},
    ),
    (
        r"\b(?:set|fixed|adopted)(?: \w+)? (?:an?|the|their|its)(?: \w+){0,2} (?:aim|goal|target|"
        r"objective) (?P<comp>of|to)\b",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:were|are|was|stood)(?: \w+)? (?:at one|of one mind|of the same view|united|in accord|"
        r"unanimous)(?P<comp> on| in| that)\b",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (rf"\b(?:pledge[sd]?|vow(?:s|ed)?|promise[sd]?){_GAP}{_TO}", Modality.VOWED, Takes.DEED, {}),
    (
        r"\b(?P<noun>pledge[sd]?|promise[sd]?)(?= (?!to\b|that\b|by\b|in\b|at\b|and\b|or\b|on\b|for\b|"
        r"of\b|during\b|made\b|with\b|when\b|before\b|not\b)[a-z$€£\d])",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        r"\bannounce[sd]?(?= (?:an?|new|its|their|additional|the provision of|us|\$|€|\d)(?: "
        r"[\w$€.,-]+){0,6} "
        r"(?:grant|loan|aid|assistance|scholarship|contribution|package|support|fund|million|billion|"
        r"donation|credit|programme|program|plan|initiative|facility|partnership))",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        rf"\bannounce[sd]? (?:(?:its|their|his|her|the|a) )?(?:plans?|decision|intention){_TO}",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:pledge[sd]?|vow(?:s|ed)?|promise[sd]?|guarantee[sd]?|commit(?:s|ted)?)(?: (?!to\b|that\b|"
        r"by\b|and\b)[\w'’$€£.,-]+){1,6}? (?P<comp>to|that|for)\b",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        r"\baccept(?:s|ed)?(?= (?:the|an?|its|their) (?!invitation|proposal|offer|credential|resignation|"
        r"apolog|award|gift|fact|view|principle)"
        r"(?:[\w-]+ ){0,3}(?:of|on|to|by|for|in)\b)",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:reaffirm|reiterat|re-affirm|restat)\w* (?P<comp>that)\b(?= [^;.]{3,120}?\b(?:must|shall|"
        r"should|will|would)\b)",
        Modality.AFFIRMED,
        Takes.DEED,
        {"kind": MentionKind.REAFFIRMED, "is_joint": True},
    ),
    (
        r"\b(?:affirm|declar|stress|underlin|underscor|emphasi[sz]|confirm)(?:ed|s|e[sd]?) "
        r"(?P<comp>that)\b(?= [^;.]{3,120}?\b(?:must|shall|will|would)\b)",
        Modality.AFFIRMED,
        Takes.DEED,
        {"is_joint": True},
    ),
    (
        r"\b(?:support|endors|back|welcom|embrac)(?:e?s|ed|e[sd]) the (?:idea|proposal|plan|suggestion|"
        r"initiative) (?P<comp>of|to|for|that)\b",
        Modality.AGREED,
        Takes.DEED,
        {"is_joint": True},
    ),
    # -- commitment, readiness --
    (
        r"\b(?:reaffirm|reiterat|re-affirm|renew|restat|reconfirm)\w*[^.;:]{0,50}? "
        + _NOUN_OF_WILL
        + r"(?: \w+)?"
        + _TO,
        Modality.COMMITTED,
        Takes.DEED,
        {"kind": MentionKind.REAFFIRMED},
    ),
    (
        r"\b(?:affirm|confirm|underlin|underscor|express|stress|voic|stat|declar|emphasi[sz]|convey|shar|"
        r"hav|ha[sd])\w* "
        r"(?:[\w'’]+ ){1,4}?" + _NOUN_OF_WILL + r"(?: \w+)?" + _TO,
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:stand|stands|stood|is|are|was|were|be|remain|remains|remained)(?: always| also| fully| "
        r"firmly| both)? "
        r"(?:ready|prepared|willing) (?P<comp>to)\b",
        Modality.STANDS_READY,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:is|are|was|were|remain|remains|remained)(?: \w+)? (?:committed|determined|resolved|bound) "
        r"(?P<comp>to)\b",
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:task|instruct|direct|assign|entrust|mandat)(?:s|ed|e[sd]?)?\b(?P<whom>(?: "
        r"(?!to\b)[\w'’,-]+){1,14}?) (?P<comp>to|with)\b",
        Modality.AGREED,
        Takes.DEED,
        {"is_joint": True},
    ),
    (r"\bintend(?:s|ed)? (?P<comp>to)\b", Modality.WILL, Takes.DEED, {}),
    (r"\bplan(?:s|ned)? (?P<comp>to)\b", Modality.WILL, Takes.DEED, {"is_weak": True}),
    # -- one side asks --
    (r"\bcall(?:s|ed|ing)? (?:up)?on\b", Modality.CALLED_ON, Takes.REQUEST, {}),
    (
        r"\b(?:urge[sd]?|appeal(?:s|ed) to|press(?:es|ed)?(?= [\w ]{2,40} to\b)|push(?:es|ed)(?= [\w "
        r"]{2,40} to\b)|exhort(?:s|ed)|implore[sd]?)\b",
        Modality.CALLED_ON,
        Takes.REQUEST,
        {},
    ),
    (
        r"\b(?:ask(?:s|ed)?|request(?:s|ed)?)\b(?! for (?:support|information)\b)",
        Modality.REQUESTED,
        Takes.REQUEST,
        {},
    ),
    (r"\b(?:suggest(?:s|ed)?|propose[sd]?|recommend(?:s|ed)?)\b", Modality.SUGGESTED, Takes.REQUEST, {}),
    (r"\bencourage[sd]?\b(?= [^,;.]{3,80}? to\b)", Modality.SUGGESTED, Takes.REQUEST, {}),
    (
        r"\b(?:hope[sd]?|wish(?:es|ed)?|expect(?:s|ed)?|(?:express\w*|underlin\w*|voice[sd]?|convey\w*) "
        r"(?:the|his|her|their|its) (?:\w+ )?(?:hope|wish|desire))(?: that)?\b",
        Modality.HOPED,
        Takes.REQUEST,
        {},
    ),
    (
        r"\b(?:wants|wanted|would like|looks?|looked)(?= (?:to )?(?!forward)[^,;.]{3,60}? to\b)",
        Modality.HOPED,
        Takes.REQUEST,
        {},
    ),
    (r"\bseeks to\b", Modality.HOPED, Takes.DEED, {"kind": MentionKind.REQUESTED}),
    # -- reports: a fainter class --
    (
        r"\b(?:stress|underlin|underscor|emphasi[sz]|highlight|reaffirm|recogni[sz]|acknowledg|affirm|"
        r"reiterat|point)\w*(?: \w+ly| out| upon| again)?"
        r" (?:the|their) (?:\w+ ){0,4}?(?:importance|need|necessity|significance|value|urgency|role) "
        r"(?:of|for|to|that)\b",
        Modality.AFFIRMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.REAFFIRMED},
    ),
    (
        r"\b(?:welcom|hail|commend|appreciat|prais|valu|applaud)(?:e[sd]?|ed|s)\b",
        Modality.WELCOMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.PROGRESS},
    ),
    (
        r"\b(?:noted|notes|took note|take note|spoke highly|expressed (?:\w+ )?(?:satisfaction|delight|"
        r"appreciation)|(?:were|was) (?:pleased|satisfied|delighted)|reported|informed|briefed)\b",
        Modality.WELCOMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.PROGRESS},
    ),
    (
        r"\b(?:ha[sv]e?|had|was|were) (?:also |now |since |already |been |successfully |fully |"
        r"officially |effectively )*"
        r"(?:completed|signed|concluded|ratified|inaugurated|launched|implemented|put into operation|"
        r"delivered|opened|established|handed over|carried out)\b",
        Modality.WELCOMED,
        Takes.SELF,
        {"is_report": True, "kind": MentionKind.PROGRESS, "is_weak": True},
    ),
    # -- will, shall --
    (r"\b(?P<comp>will|shall)\b(?! (?:of|to)\b)", Modality.WILL, Takes.SELF, {}),
    (
        r"\b(?P<comp>would)\b(?! (?:like|have|be (?:happy|glad|pleased|grateful)))",
        Modality.WILL,
        Takes.SELF,
        {},
    ),
    (r"\b(?:is|are)(?: both| each| also)? expected (?P<comp>to)\b", Modality.EXPECTED, Takes.SELF, {}),
    (r"\b(?P<comp>is|are) to (?=(?:\w+ly |be )?\w+)", Modality.WILL, Takes.SELF, {"is_weak": True}),
)
