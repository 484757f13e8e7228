"""The tables of English."""

from typing import Any

from commitments.candidates.languages import Cue, Language, Takes, compiled, one_of
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
    rebuild, receive (?=trainees|students|officers), recognise, recognize, recruit, reduce, refer,
    refrain, register, rehabilitate, rehouse, reinforce, reinstate, relax, relocate, remit, remove,
    rename, renew, reopen, replace, rescue, resolve, restart, restore, restructure, resume, revise,
    revitalise, revitalize, ring-fence, roll out, safeguard, scale up, scrap, secure, seek, send, serve,
    set aside, set up, settle, simplify, solve, speed up, stand (?=ready|together|by|firm), standardise,
    standardize, start, steer, step up, stimulate, streamline, strengthen, strive, submit, subscribe,
    subsidise, supply, suspend, sustain, synchronise, synchronize, table, tackle, take, teach, tighten,
    tolerate, train, transfer, translate, triple, undertake, unify, unlock, update, upgrade, uphold, urge,
    utilise, utilize, vaccinate, verify, waive, widen, withdraw, work out, write off
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
_ING = r"(?:[a-z]{3,}ing)"
_AFTER_WEAK = (
    r"(?= (?:the|an?|its|their|each|one|all|on|information|experiences?|expertise|delegations|views|new|more|data|further|joint|for|any|"
    r"out|existing|common|both|back|down|with|against|towards|two|three|several|some|high-level|technical|training|students|officials|best|"
    r"regular|additional|relevant|bilateral|mutual|duty-free|viet|vietnamese|cambodia|laos|lao|thai\w*|japan\w*|india\w*|chin\w*|[\w-]+ly|\d[\d.,]*)\b)"
)
_LY = r"(?:(?:\w+ly|also|further|soon|not|together|jointly|better|always|never|mutually|well|to|continue to|continue|go on) )*"
_VERB = rf"{_LY}(?:{STRONG_VERBS}\b|{_WEAK_VERBS}\b{_AFTER_WEAK})"

_CUES: tuple[tuple[str, str, Takes, dict[str, Any]], ...] = (
    # -- agreed, together or alone --
    (
        rf"\b(?:agree[sd]?|concur(?:s|red)?|decide[sd]?|resolve[sd]?|consent(?:s|ed)?){_GAP}{_TO}",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:reach|reache[sd]|came to|come to|arrive[sd]? at|found|forged)(?: an?| the| full| broad| common| important| high)* "
        r"(?:agreement|consensus|understanding|common ground)s?" + _TO,
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (r"\b(?:were|are|was) in agreement" + _TO, Modality.AGREED, Takes.DEED, {}),
    (
        r"\bit (?:was|is|has been|had been)(?: also| further| likewise| then)* (?:agreed|decided|resolved|concluded|understood|settled)"
        + _ASIDE
        + _TO,
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
        r"\bcommit(?:s|ted)?(?= (?:an?|another|some|up|over|more|us|\$|€|£|\d|further|additional)\b| [$€£]?\d)",
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\boffer(?:s|ed)? (?:(?P<comp>to)\b|(?=(?:an?|another|up to|its|free|full|more|additional|further|technical|\d[\d.,]*) (?:[\w-]+ ){0,3}?"
        r"(?:slots?|places?|seats?|scholarships?|assistance|training|support|help|grants?|loans?|credits?|courses?|equipment|experts?|expertise|tonnes|million|billion)\b))",
        Modality.STANDS_READY,
        Takes.DEED,
        {},
    ),
    (r"\b(?P<comp>is|are|was|were) going to\b", Modality.WILL, Takes.SELF, {}),
    (
        r"\b(?:sought|seeks?)(?= (?!to\b)(?:the |its |their |early |\w+'s |\w+ )?(?:support|assistance|help|facilitation|cooperation|backing|consideration|opening|access)\b)",
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
        r"\b(?:set|fixed|adopted)(?: \w+)? (?:an?|the|their|its)(?: \w+){0,2} (?:aim|goal|target|objective) (?P<comp>of|to)\b",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:were|are|was|stood)(?: \w+)? (?:at one|of one mind|of the same view|united|in accord|unanimous)(?P<comp> on| in| that)\b",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (rf"\b(?:pledge[sd]?|vow(?:s|ed)?|promise[sd]?){_GAP}{_TO}", Modality.VOWED, Takes.DEED, {}),
    (
        r"\b(?P<noun>pledge[sd]?|promise[sd]?)(?= (?!to\b|that\b|by\b|in\b|at\b|and\b|or\b|on\b|for\b|of\b|during\b|made\b|with\b|when\b|before\b|not\b)[a-z$€£\d])",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        r"\bannounce[sd]?(?= (?:an?|new|its|their|additional|the provision of|us|\$|€|\d)(?: [\w$€.,-]+){0,6} "
        r"(?:grant|loan|aid|assistance|scholarship|contribution|package|support|fund|million|billion|donation|credit|programme|program|plan|initiative|facility|partnership))",
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
        r"\b(?:pledge[sd]?|vow(?:s|ed)?|promise[sd]?|guarantee[sd]?|commit(?:s|ted)?)(?: (?!to\b|that\b|by\b|and\b)[\w'’$€£.,-]+){1,6}? (?P<comp>to|that|for)\b",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        r"\baccept(?:s|ed)?(?= (?:the|an?|its|their) (?!invitation|proposal|offer|credential|resignation|apolog|award|gift|fact|view|principle)"
        r"(?:[\w-]+ ){0,3}(?:of|on|to|by|for|in)\b)",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:reaffirm|reiterat|re-affirm|restat)\w* (?P<comp>that)\b(?= [^;.]{3,120}?\b(?:must|shall|should|will|would)\b)",
        Modality.AFFIRMED,
        Takes.DEED,
        {"kind": MentionKind.REAFFIRMED, "is_joint": True},
    ),
    (
        r"\b(?:affirm|declar|stress|underlin|underscor|emphasi[sz]|confirm)(?:ed|s|e[sd]?) (?P<comp>that)\b(?= [^;.]{3,120}?\b(?:must|shall|will|would)\b)",
        Modality.AFFIRMED,
        Takes.DEED,
        {"is_joint": True},
    ),
    (
        r"\b(?:support|endors|back|welcom|embrac)(?:e?s|ed|e[sd]) the (?:idea|proposal|plan|suggestion|initiative) (?P<comp>of|to|for|that)\b",
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
        r"\b(?:affirm|confirm|underlin|underscor|express|stress|voic|stat|declar|emphasi[sz]|convey|shar|hav|ha[sd])\w* "
        r"(?:[\w'’]+ ){1,4}?" + _NOUN_OF_WILL + r"(?: \w+)?" + _TO,
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:stand|stands|stood|is|are|was|were|be|remain|remains|remained)(?: always| also| fully| firmly| both)? "
        r"(?:ready|prepared|willing) (?P<comp>to)\b",
        Modality.STANDS_READY,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:is|are|was|were|remain|remains|remained)(?: \w+)? (?:committed|determined|resolved|bound) (?P<comp>to)\b",
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:task|instruct|direct|assign|entrust|mandat)(?:s|ed|e[sd]?)?\b(?P<whom>(?: (?!to\b)[\w'’,-]+){1,14}?) (?P<comp>to|with)\b",
        Modality.AGREED,
        Takes.DEED,
        {"is_joint": True},
    ),
    (r"\bintend(?:s|ed)? (?P<comp>to)\b", Modality.WILL, Takes.DEED, {}),
    (r"\bplan(?:s|ned)? (?P<comp>to)\b", Modality.WILL, Takes.DEED, {"is_weak": True}),
    # -- one side asks --
    (r"\bcall(?:s|ed|ing)? (?:up)?on\b", Modality.CALLED_ON, Takes.REQUEST, {}),
    (
        r"\b(?:urge[sd]?|appeal(?:s|ed) to|press(?:es|ed)?(?= [\w ]{2,40} to\b)|push(?:es|ed)(?= [\w ]{2,40} to\b)|exhort(?:s|ed)|implore[sd]?)\b",
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
        r"\b(?:hope[sd]?|wish(?:es|ed)?|expect(?:s|ed)?|(?:express\w*|underlin\w*|voice[sd]?|convey\w*) (?:the|his|her|their|its) (?:\w+ )?(?:hope|wish|desire))(?: that)?\b",
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
        r"\b(?:stress|underlin|underscor|emphasi[sz]|highlight|reaffirm|recogni[sz]|acknowledg|affirm|reiterat|point)\w*(?: \w+ly| out| upon| again)?"
        r" (?:the|their) (?:\w+ ){0,4}?(?:importance|need|necessity|significance|value|urgency|role) (?:of|for|to|that)\b",
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
        r"\b(?:noted|notes|took note|take note|spoke highly|expressed (?:\w+ )?(?:satisfaction|delight|appreciation)|(?:were|was) (?:pleased|satisfied|delighted)|reported|informed|briefed)\b",
        Modality.WELCOMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.PROGRESS},
    ),
    (
        r"\b(?:ha[sv]e?|had|was|were) (?:also |now |since |already |been |successfully |fully |officially |effectively )*"
        r"(?:completed|signed|concluded|ratified|inaugurated|launched|implemented|put into operation|delivered|opened|established|handed over|carried out)\b",
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

ENGLISH = Language(
    code="en",
    cues=tuple(Cue(compiled(pattern), modality, takes, **more) for pattern, modality, takes, more in _CUES),
    joint=compiled(
        r"\b(?:(?:the|these|those|all|both|our|their) )?(?:two|three|four|both|all|participating|contracting|respective|high contracting|each of the)"
        r" (?:\w+ )?(?:sides?|parties|countries|nations|states|governments|leaders|(?:prime |foreign |defen[cs]e |deputy |vice |trade |transport )*ministers?"
        r"|presidents|ministries|delegations|peoples|chairs|co-chairs|legislatures|agencies|heads|chairmen|officials|ambassadors|generals|of them|participants|police forces|kings?|parliaments|assemblies|secretaries)\b"
        r"|\b(?:the|each|either|both) (?:contracting )?(?:parties|party(?! general| congress| secretary| of)|sides?|participants|signatories|co-chairs|leaders|ministers|delegations|heads of (?:state|government|delegation))\b"
        r"|\bthe (?:\w+ ){0,2}(?:pms|premiers|ministers|presidents|leaders|chiefs|co-chairs|co-chairmen|heads|delegations|legislators|envoys|negotiators|prime ministers|counterparts|pair|duo)\b|\b(?:they|both|we|each other|one another)\b|\btheir (?:\w+ )?(?:teams|negotiators|ministries|ministers|experts|officials|agencies|governments|delegations|forces|police)\b|\beach (?:side|party|country)\b|\bthe (?:(?:joint|intergovernmental|mixed|bilateral|sub|steering) ?)+(?:committee|commission|working group)\b"
        r"|\bthe (?:meeting|session|conference|committee|commission|summit|working group|consultations?|talks)\b|\bit was\b|\bhis counterpart\b|\bcounterparts\b"
    ),
    same=compiled(
        r"\b(?:prime minister|deputy prime minister|foreign minister|minister|president|ambassador|pm|premier|chairman|secretary)\b|\b(?:he|she|it|his (?:government|country|ministry|side)|her (?:government|country|ministry)|the (?:ambassador|diplomat|president|prime minister|pm|minister|premier|leader|host|chairman|guest|king|general|official))\b"
    ),
    roles=frozenset(
        """
        the a an of and for both two three all each either its their his her our on in behalf side sides party parties government governments royal
        ministry ministries minister ministers prime foreign affairs defence defense national deputy vice president
        leader leaders delegation delegations country countries nation nations state states agency agencies authority authorities embassy ambassador
        committee commission working group joint coordination secretariat chair co-chair co-chairs chairman
        competent relevant line respective international cooperation transport transportation trade industry commerce economy finance education training health
        culture sports tourism agriculture rural development labour labor planning investment public security interior justice science technology information
        communications environment natural resources energy mines construction works water police customs general department departments directorate
        republic kingdom socialist democratic people's people federal contracting high secretary party parliament assembly senate head heads king premier
        pm sultan emperor chancellor same they we he she it former then visiting host senior officials ministerial level counterpart counterparts counterpart's bilateral
        technical experts teams task force forces office offices council councils institute institutes academy academies university universities province provinces provincial
        city cities also themselves itself respectively as well together with samdech mr mrs ms dr his excellency h.e. majesty lao PDR union states member republics
        """.lower().split()
    ),
    modal=compiled(
        r"\b(?:will|would|shall|should|must|needs? to|ought to|is to|are to|has to|have to|may not|can not|be (?:\w+ly )?\w+(?:ed|ld|lt|ne|wn|up)\b|goes on|go on|continues? to|commit|remain committed)"
    ),
    accomplished=compiled(
        r"\b(?:ha[sv]e?|had)(?: \w+ly| also| now| been| since| always| both| not)* \w+(?:ed|en|un|ne|own|ade|eld|ept|id|ought|aught|elt|ent|ost|ung|et|ome|orn)\b|\b(?:was|were|is|are|remains?|had|continue[sd]? to (?:be|grow|develop))\b"
    ),
    refusals=tuple(
        compiled(each)
        for each in (
            r"\b(?:not|never|no|neither|nor|without|failed to|fail to|fails to|declined to|refused to|yet to|unable to|n't|n’t)(?: yet| been| \w+ly)? ?$",
            r"\b(?:no|any|without) (?:agreement|consensus|understanding|decision|commitment)",
            r"\b(?:if|whether|unless|until|once|when|where|how|why|what|should they|before|after) (?:[\w'’-]+ ){0,6}$",
            r"\b(?:could|may|might|can|would have|should have) ?$",
            r"\b(?:having|previously|earlier|already|once|originally|as|was|were|been|be|being|is|are) ?$",
            r"\b(?:neither|none|no (?:side|party|country|government))\b(?: [\w'’]+){0,4} ?$",
        )
    ),
    visit=compiled(
        r"^\W*(?:during|in the course of|on|as part of|within the framework of) (?:the|his|her|their|this|its) (?:\w+ ){0,2}(?:visit|stay|trip|tour|itinerary)\b"
    ),
    programme=compiled(
        r"\b(?:master of ceremonies|order of events|programme of the (?:\w+ )?visit|guard of honou?r|motorcade|anthems?|seating|dress code|dress:|light refreshments|red carpet|group photograph|group photo)\b"
    ),
    help=compiled(
        r"\b(?:provid\w*|grant\w*|scholarships?|send\w*|support\w*|assist\w*|help\w*|donat\w*|aid|loans?|supply\w*|train\w*|bilateral\w*|two countries|both|mutual\w*|joint\w*|counterpart\w*|partner\w*|facilitat\w*|visas?|embass\w*|consul\w*)\b"
    ),
    by_year=compiled(r"\b(?:by|until|before|since) (?:the end of |end-)?(?P<year>(?:19|20)\d\d)\b"),
    we=compiled(r"\b(?:we|i|let us|let\'s|our people)\s+(?:\w+\s+){0,2}$"),
    old=compiled(
        r"\b(?:in|of|since|from|until|by|under the \w+) (?:the )?(?:\w+ )?(?P<year>1\d\d\d|20\d\d)\b"
    ),
    perfect=compiled(r"\bhad(?: \w+ly| also)? ?$"),
    domestic=compiled(
        r"\b(?:elections?|in (?:his|her|the) campaign|voters?|coalition|minimum wage|manifesto|ruling party|lawmakers|budget bill|by-election|cabinet reshuffle|interest rates?|policy rate)\b"
    ),
    joint_verb=compiled(r"(?:agree|concur)"),
    determiner=compiled(
        r"\b(?:an?|the|its|their|our|your|this|that|these|those|his|her|new|joint|of|existing|previous|such|any|under|per|in|for|on|by|with|whose|said) ?$"
    ),
    past=compiled(
        r"^(?:\W*(?:back |as early as |later |earlier |already |then )*(?:in|since|from|during|until) (?:the )?(?:(?:early|late|mid|spring|summer|autumn) (?:of )?)?"
        r"(?:january |february |march |april |may |june |july |august |september |october |november |december )?(?P<year>1[89]\d\d|20\d\d)s?\b)"
        r"|^\W*(?:(?:during|at|after|following)\b[^.;]{0,90}?|on (?:\d{1,2} \w+|\w+ \d{1,2},?) )\b(?P<year2>(?:19|20)\d\d)\b[^,]{0,12},"
        r"|^\W*(?:in|by|during|throughout|over) the (?:early |late |mid-)?(?:\d{4}s|past|last|previous|twentieth|nineteenth|19th|20th|war|colonial|years (?:that followed|after|since))"
        r"|\bunder (?:his|her|their) (?:watch|leadership|rule|presidency|reign)\b|\b(?:decades? ago|years? ago|centur(?:y|ies) ago|months? ago|last (?:year|month|week|century)|in the past|at that time|the previous (?:session|meeting|year)|under the previous)\b"
        r"|^\W*(?:after|before|following) (?:independence|the war|unification|reunification|normali[sz]ation)|\bthe then[- ](?:president|prime|foreign|minister|king)"
    ),
    speech=compiled(
        r"\b(?:ladies and gentlemen|let us|honou?rable members|i look forward|mr president of|madam (?:president|chair|speaker)|fellow (?:citizens|countrymen|vietnamese|delegates)|good (?:morning|afternoon|evening)|i (?:am sure|hope|say|know|ask|call)|friends from|my (?:friends|fellow|dear|country)|excellencies|distinguished (?:guests|delegates|participants|colleagues)|your (?:excellency|majesty|royal highness)|dear (?:friends|colleagues|students)"
        r"|i (?:am|would like|wish|believe|have the honou?r|thank|congratulate|remember|stand|want|recall|am confident)|thank you for your attention|propose a toast|raise (?:my|our) glass(?:es)?|allow me)\b"
    ),
    not_deeds=compiled(
        r"^(?:\w+ )?(?:always|never|forever|probably|likely|undoubtedly|surely|inevitably|certainly|hopefully|overtake|discuss|talk|shake|exchange (?:views|folders|gifts)|hold (?:talks|a meeting with))\b|"
        r"^(?:\w+ly |also |always |certainly |soon |still |continue to |continue |surely |be able to |then |together |both )*(?:be(?! (?:\w+ly )?\w+(?:ed|ld|lt|ne|wn|en|up|un)\b)|become|reach(?! out| agreement| consensus)|achieve|overcome|attain|remain|have|face|see|need|benefit|gain"
        r"|grow|flourish|thrive|develop(?= (?:further|strongly|well|rapidly|steadily|fruitfully|in )\b|$|[.,])|witness|enjoy|visit|attend|arrive|depart|leave|pay (?:an?|their|his|her|tribute|courtesy)"
        r"|meet(?! (?:the|its|their) (?:obligation|commitment)| (?:at least|once|twice|annually|every|regularly|alternately|again|as often|in regular))|receive(?! \d| more| up to| trainees| students)|welcome|tour|lay|deliver (?:a|an|the|his|her) (?:\w+ )?(?:speech|address|lecture|remarks)|travel|fly|stay|go(?! on)|come|pass|rest|not rest|account|exceed|total|hit|rise|fall|drop|surpass|recover|"
        r"live|last|stand(?= (?:shoulder|side|by|with))|treasure|cherish|remember|bear|forget|miss|mark|celebrate|like|prove|play|make (?:a |an )?(?:\w+ )?(?:contribution|difference|success)|co-chair|chair|take place|take part in the|"
        r"enter into force|come into|apply|expire|terminate|lapse|prevail|govern|constitute|mean|include|consist|comprise|contain|depend|win|lose|know|find|inspire|serve as|end|succeed|take office|step down|address the|hold (?:talks|a press|a joint press|meetings? with))\b"
        r"|^(?:\w+ly |also )*be (?:\w+ly )?(?:seen|felt|remembered|welcomed|able|honou?red|interpreted|construed|deemed|governed|terminated|renewed automatically|amended|valid|considered|fulfilled|realised|realized|accompanied|joined|followed|greeted|driven|boosted|known|affected|required|needed|visited|attended|open to|done in|extended automatically)"
    ),
    deeds=compiled(rf"^(?:to )?{_VERB}|^{_LY}{_ING}\b"),
    breaks=compiled(
        r"(?:\s*;\s*(?:and |or |as well as )?(?:to )?|\s*,\s*(?:and |as well as |while |along with |together with |and also |and to )?(?:to )?| (?:and|as well as|while|along with|together with|and also) (?:to )?)"
        rf"(?:(?:shall|will|would|should) )?(?P<verb>{_VERB})"
    ),
    heading=compiled(
        r"^\W*(?:[\divx]+[.)] )?(?:(?:the )?(?:agreed |joint |main |specific |follow[- ]?up |next |key )*(?:actions?|action (?:items|points)|commitments?|decisions?|undertakings|conclusions|agreements reached|outcomes agreed|agreed outcomes|next steps|deliverables|follow[- ]?up|agreed (?:points|items|measures))"
        r"(?: (?:and|of the (?:meeting|session)|agreed|to be taken) ?\w*)?)\W*$"
    ),
    completed=compiled(
        r"\b(?:completed?|completion|inaugurat\w+|opened|opening|signed|signing|concluded|conclusion of|entered into force|ratified|put into operation|handed over|successful(?:ly)? (?:organi[sz]|host|h[eo]ld|conclu)\w*|achieved|fulfilled|delivered|was held|were held|held its)\b"
    ),
    fronted=compiled(
        r"\W*(?:in this (?:regard|connection|context|spirit)|to (?:this|that) end|accordingly|moreover|furthermore|in addition|also|besides|meanwhile|therefore|for (?:his|her|its|their) part|on (?:this|that) (?:occasion|basis)|in (?:particular|response|reply|return|turn)|at the (?:meeting|talks|session)|finally|lastly|firstly|first|second(?:ly)?|third(?:ly)?|concluding the \w+|subject to [^,]{3,80}|in accordance with [^,]{3,80}|by [^,]{3,40}|in (?:19|20)\d\d|on \d+ \w+(?: \d{4})?|within [^,]{3,40}|from [^,]{3,30}|to [a-z][^,]{3,160}),? "
    ),
    ignored_end=compiled(
        r",? (?:(?:he|she|they|it|the \w+(?: \w+)?) (?:said|added|noted|stressed|stated|affirmed|told reporters)|according to the [\w ]+|the (?:statement|communiqu[ée]|report|release) (?:said|says|reads))\s*$"
    ),
    clause_break=compiled(
        r";\s*(?:and |while )?|,\s*(?:and|while|whereas|but|so|adding that)\s+|[\"']\s+|,? (?:(?:in|for|under|by|at|through) which(?: purpose| end)?|whereby|where|when|and said|and added) "
    ),
    joint_before_cue=compiled(
        r"\s*(?:[;,]\s*(?:and |while |but |whereas |(?:for|in|under) which (?:purpose |end )?)?|\b(?:and|while|but|whereas)\s)"
    ),
    said=compiled(
        r"\b(?:said|says|told \w+|add(?:ed|s)|noted|that|stat(?:ed|es)|affirm\w*|confirm\w*|announc\w*|reiterat\w*|stress\w*|inform\w*|emphasi[sz]\w*|assur\w*|declar\w*|pledg\w*|underlin\w*|underscor\w*|agreed|promis\w*|indicat\w*|signal\w*|disclos\w*|explain\w*|reveal\w*|made clear|let it be known|made it known) (?:that )?"
    ),
    confident=compiled(
        r"\b(?:confiden\w+|belie(?:f|ves?|ved)|convinc\w+|convict\w+|optimis\w+|predict\w*|forecast\w*|projected|estimat\w*|trust(?:s|ed)?|hop(?:e[sd]?|ing)|wish(?:es|ed)?|expect(?:s|ed)? that|anticipat\w*|dream\w*|warn\w*|recall\w*|remember\w*|quot\w+|repeatedly)\b"
    ),
    passive=compiled(
        r"^(?:also |then |next |\w+ly |not )?be (?:\w+ly )?(?:"
        r"accelerated|activated|addressed|adopted|applied|assigned|circulated|considered|dealt with|deepened|delivered|deployed|designated|dispatched|eased|"
        r"ensured|examined|explored|facilitated|harmoni[sz]ed|intensified|lifted|moderni[sz]ed|nominated|published|pursued|rebuilt|recogni[sz]ed|removed|"
        r"renovated|repaired|restored|revived|streamlined|studied|tackled|transferred|translated|used|abolished|allocated|appointed|arranged|begun|built|carried out|completed|concluded|conducted|connected|convened|created|developed|"
        r"discussed|doubled|drafted|drawn up|encouraged|enhanced|established|exchanged|exempt(?:ed)?|expanded|extended|finali[sz]ed|financed|formed|"
        r"given|granted|handled|held|hosted|implemented|increased|installed|introduced|kept|launched|linked|made|maintained|negotiated|offered|"
        r"opened|organi[sz]ed|prepared|promoted|provided|raised|reduced|reopened|resolved|resumed|reviewed|sent|set up|settled|shared|signed|"
        r"simplified|started|strengthened|submitted|supported|tasked|trained|upgraded|waived)\b"
        r"|^(?:\w+ly )?be (?:in (?:service|operation|place)|operational|ready|functional|available)\b"
    ),
    protocol=compiled(
        r"\b(?:ceremon\w+|banquet|reception|dinner|luncheon|wreath|press conference|welcome|concert|speech|tour|exhibition|lecture|talks|visit|"
        r"disputes?|differences|this (?:agreement|memorandum|treaty|convention|protocol)|the present \w+|amendments?)\b"
    ),
    decision=compiled(
        r"(?:\w+ )?(?:decisions?|agreed|actions?|action points?|agreed actions?|commitments?|undertakings?|outcomes?|follow[- ]up|resolved|agreement)(?: \d+)?\s*[:-] "
    ),
    declaration=compiled(r"\bwe, the\b|\bjoint (?:\w+ )?(?:statement|declaration|communiqu)"),
    outsiders=compiled(
        r"\b(?:compan(?:y|ies)|museums?|galler(?:y|ies)|organi[sz]ers|clubs?|courts?|hospitals?|banks?|universit(?:y|ies)|federation|orchestras?|artists?|which|coalition|tribunal|board|teams? of|firms?|makers?|airlines?|investors?|businesses|entrepreneurs|experts? (?:said|from)|professors?|analysts?|observers|economists|residents|farmers|workers|"
        r"students|citizens|opposition|critics|scholars?|manufacturers?|producers?|conglomerates?|start-?ups?|researchers|scientists|activists|villagers|rebels|protesters|corporation|shareholders|private sector)\b"
    ),
    item_subject=compiled(r"(?: to | will | shall |\s*:\s+| - )"),
    after_addressee=compiled(
        r"\b(?:to|will|would|should|shall|must|can|could|continue|continues|keep|be|not|maintain|take|give|pay|support|make|hold|consider|(?!morning|evening)[a-z]{4,}ing)\b"
    ),
    cooperation=compiled(
        r"\b(?:cooperat|collaborat|bilateral|implement|mechanism|agreement|joint|mutual|relations|ties|project|commit|exchange|two-way|coordinat|trade|gate|border)\w*"
    ),
    other_side=compiled(
        r"\s*(?:the (?:other side|country|neighbou?ring \w+)|it|him|her|his host|her host|his counterpart|her counterpart)\b"
    ),
    general=compiled(
        r"\s*(?:(?:a|an|the|several|many|various|some|number|set|series|range|of|major|main|key|concrete|specific|important|practical|following|other|new|broad) )*"
        r"(?:measures|directions?|orientations?|steps|ways|points|issues|matters|contents|priorities|areas|solutions|tasks|topics)\b"
        r"|\s*(?:study|consider|examine|look into|look at|review|think about) (?:it|(?:the|this|that|these|those) (?:\w+ )?(?:proposals?|requests?|suggestions?|ideas?|matter|issue))\b"
        r"|\s*(?:disagree|differ|much\b|keep talking|do so)"
    ),
    including=compiled(r"[,:]?\s*(?:including|namely|such as|in particular|among them|among which)\s+|:\s+"),
    courtesy=compiled(
        r"\b(?:convey|pass on|extend|accept) (?:[\w']+ ){0,4}?(?:greetings|regards|wishes|condolences|invitations?|thanks|congratulations)\b|\bto (?:visit|pay|be seated|stand)\b"
    ),
    adverbs=frozenset(
        "it he she also further then both jointly again likewise has have had moreover itself themselves in turn and".split()
    ),
    agent=compiled(r"(?<!hosted)(?<!held) by (?:the )?"),
)
