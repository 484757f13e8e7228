"""The tables of English."""

from commitments.candidates.english_cues import ADVERBS, CUES, GERUND, VERB
from commitments.candidates.languages import Cue, Language, compiled

ENGLISH = Language(
    code="en",
    cues=tuple(Cue(compiled(pattern), modality, takes, **more) for pattern, modality, takes, more in CUES),
    joint=compiled(
        r"\b(?:(?:the|these|those|all|both|our|their) )?(?:two|three|four|both|all|participating|"
        r"contracting|respective|high contracting|each of the)"
        r" (?:\w+ )?(?:sides?|parties|countries|nations|states|governments|leaders|(?:prime |foreign |"
        r"defen[cs]e |deputy |vice |trade |transport )*ministers?"
        r"|presidents|ministries|delegations|peoples|chairs|co-chairs|legislatures|agencies|heads|"
        r"chairmen|officials|ambassadors|generals|of them|participants|police forces|kings?|parliaments|"
        r"assemblies|secretaries)\b"
        r"|\b(?:the|each|either|both) (?:contracting )?(?:parties|party(?! general| congress| secretary| "
        r"of)|sides?|participants|signatories|co-chairs|leaders|ministers|delegations|heads of (?:state|"
        r"government|delegation))\b"
        r"|\bthe (?:\w+ ){0,2}(?:pms|premiers|ministers|presidents|leaders|chiefs|co-chairs|co-chairmen|"
        r"heads|delegations|legislators|envoys|negotiators|prime ministers|counterparts|pair|duo)\b|"
        r"\b(?:they|both|we|each other|one another)\b|\btheir (?:\w+ )?(?:teams|negotiators|ministries|"
        r"ministers|experts|officials|agencies|governments|delegations|forces|police)\b|\beach (?:side|"
        r"party|country)\b|\bthe (?:(?:joint|intergovernmental|mixed|bilateral|sub|steering) "
        r"?)+(?:committee|commission|working group)\b"
        r"|\bthe (?:meeting|session|conference|committee|commission|summit|working group|consultations?|"
        r"talks)\b|\bit was\b|\bhis counterpart\b|\bcounterparts\b"
    ),
    same=compiled(
        r"\b(?:prime minister|deputy prime minister|foreign minister|minister|president|ambassador|pm|"
        r"premier|chairman|secretary)\b|\b(?:he|she|it|his (?:government|country|ministry|side)|her "
        r"(?:government|country|ministry)|the (?:ambassador|diplomat|president|prime minister|pm|"
        r"minister|premier|leader|host|chairman|guest|king|general|official))\b"
    ),
    roles=frozenset(
        """
        the a an of and for both two three all each either its their his her our on in behalf side sides
        party parties government governments royal ministry ministries minister ministers prime foreign
        affairs defence defense national deputy vice president leader leaders delegation delegations country
        countries nation nations state states agency agencies authority authorities embassy ambassador
        committee commission working group joint coordination secretariat chair co-chair co-chairs chairman
        competent relevant line respective international cooperation transport transportation trade industry
        commerce economy finance education training health culture sports tourism agriculture rural
        development labour labor planning investment public security interior justice science technology
        information communications environment natural resources energy mines construction works water
        police customs general department departments directorate republic kingdom socialist democratic
        people's people federal contracting high secretary party parliament assembly senate head heads king
        premier pm sultan emperor chancellor same they we he she it former then visiting host senior
        officials ministerial level counterpart counterparts counterpart's bilateral technical experts teams
        task force forces office offices council councils institute institutes academy academies university
        universities province provinces provincial city cities also themselves itself respectively as well
        together with samdech mr mrs ms dr his excellency h.e. majesty lao PDR union states member republics
        """.lower().split()
    ),
    modal=compiled(
        r"\b(?:will|would|shall|should|must|needs? to|ought to|is to|are to|has to|have to|may not|can "
        r"not|be (?:\w+ly )?\w+(?:ed|ld|lt|ne|wn|up)\b|goes on|go on|continues? to|commit|remain "
        r"committed)"
    ),
    accomplished=compiled(
        r"\b(?:ha[sv]e?|had)(?: \w+ly| also| now| been| since| always| both| not)* \w+(?:ed|en|un|ne|own|"
        r"ade|eld|ept|id|ought|aught|elt|ent|ost|ung|et|ome|orn)\b|\b(?:was|were|is|are|remains?|had|"
        r"continue[sd]? to (?:be|grow|develop))\b"
    ),
    refusals=tuple(
        compiled(each)
        for each in (
            r"\b(?:not|never|no|neither|nor|without|failed to|fail to|fails to|declined to|refused to|"
            r"yet to|unable to|n't|n’t)(?: yet| been| \w+ly)? ?$",
            r"\b(?:no|any|without) (?:agreement|consensus|understanding|decision|commitment)",
            r"\b(?:if|whether|unless|until|once|when|where|how|why|what|should they|before|after) "
            r"(?:[\w'’-]+ ){0,6}$",
            r"\b(?:could|may|might|can|would have|should have) ?$",
            r"\b(?:having|previously|earlier|already|once|originally|as|was|were|been|be|being|is|are) ?$",
            r"\b(?:neither|none|no (?:side|party|country|government))\b(?: [\w'’]+){0,4} ?$",
            r"^\W*if [^.;]{3,90}, (?:\w+ ){0,4}$",
            r"\b(?:claim|alleg|accus|repeat|recall|insist)\w* that (?:[\w'’-]+ ){1,5}had ?$",
        )
    ),
    visit=compiled(
        r"^\W*(?:during|in the course of|on|as part of|within the framework of) (?:the|his|her|their|"
        r"this|its) (?:\w+ ){0,2}(?:visit|stay|trip|tour|itinerary)\b"
    ),
    programme=compiled(
        r"\b(?:master of ceremonies|order of events|programme of the (?:\w+ )?visit|guard of honou?r|"
        r"motorcade|anthems?|seating|dress code|dress:|light refreshments|red carpet|group photograph|"
        r"group photo)\b"
    ),
    help=compiled(
        r"\b(?:provid\w*|grant\w*|scholarships?|send\w*|support\w*|assist\w*|help\w*|donat\w*|aid|loans?|"
        r"supply\w*|train\w*|bilateral\w*|two countries|both|mutual\w*|joint\w*|counterpart\w*|"
        r"partner\w*|facilitat\w*|visas?|embass\w*|consul\w*)\b"
    ),
    by_year=compiled(r"\b(?:by|until|before|since) (?:the end of |end-)?(?P<year>(?:19|20)\d\d)\b"),
    we=compiled(r"\b(?:we|i|let us|let\'s|our people)\s+(?:\w+\s+){0,2}$"),
    old=compiled(
        r"\b(?:in|of|since|from|until|by|under the \w+) (?:the )?(?:\w+ )?(?P<year>1\d\d\d|20\d\d)\b"
    ),
    perfect=compiled(r"\bhad(?: \w+ly| also)? ?$"),
    domestic=compiled(
        r"\b(?:elections?|in (?:his|her|the) campaign|voters?|coalition|minimum wage|manifesto|ruling "
        r"party|lawmakers|budget bill|by-election|cabinet reshuffle|interest rates?|policy rate)\b"
    ),
    joint_verb=compiled(r"(?:agree|concur)"),
    determiner=compiled(
        r"\b(?:an?|the|its|their|our|your|this|that|these|those|his|her|new|joint|of|existing|previous|"
        r"such|any|under|per|in|for|on|by|with|whose|said) ?$"
    ),
    past=compiled(
        r"^(?:\W*(?:back |as early as |later |earlier |already |then )*(?:in|since|from|during|until) "
        r"(?:the )?(?:(?:early|late|mid|spring|summer|autumn) (?:of )?)?"
        r"(?:january |february |march |april |may |june |july |august |september |october |november |"
        r"december )?(?P<year>1[89]\d\d|20\d\d)s?\b)"
        r"|^\W*(?:(?:during|at|after|following)\b[^.;]{0,90}?|on (?:\d{1,2} \w+|\w+ \d{1,2},?) "
        r")\b(?P<year2>(?:19|20)\d\d)\b[^,]{0,12},"
        r"|^\W*(?:in|by|during|throughout|over) the (?:early |late |mid-)?(?:\d{4}s|past|last|previous|"
        r"twentieth|nineteenth|19th|20th|war|colonial|years (?:that followed|after|since))"
        r"|\bunder (?:his|her|their) (?:watch|leadership|rule|presidency|reign)\b|\b(?:decades? ago|"
        r"years? ago|centur(?:y|ies) ago|months? ago|last (?:year|month|week|century)|in the past|at "
        r"that time|the previous (?:session|meeting|year)|under the previous)\b"
        r"|^\W*(?:after|before|following) (?:independence|the war|unification|reunification|"
        r"normali[sz]ation)|\bthe then[- ](?:president|prime|foreign|minister|king)"
    ),
    speech=compiled(
        r"\b(?:ladies and gentlemen|it is (?:my|a) (?:\w+ )?(?:pleasure|honou?r|privilege)|welcome you|"
        r"enjoy the|let us|honou?rable members|i look forward|mr president of|madam (?:president|chair|"
        r"speaker)|fellow (?:citizens|countrymen|vietnamese|delegates)|good (?:morning|afternoon|"
        r"evening)|i (?:am sure|hope|say|know|ask|call)|friends from|my (?:friends|fellow|dear|country)|"
        r"excellencies|distinguished (?:guests|delegates|participants|colleagues)|your (?:excellency|"
        r"majesty|royal highness)|dear (?:friends|colleagues|students)"
        r"|i (?:am|would like|wish|believe|have the honou?r|thank|congratulate|remember|stand|want|"
        r"recall|am confident)|thank you for your attention|propose a toast|raise (?:my|our) "
        r"glass(?:es)?|allow me)\b"
    ),
    not_deeds=compiled(
        r"^(?:\w+ )?(?:always|never|forever|probably|likely|undoubtedly|surely|inevitably|certainly|"
        r"hopefully|overtake|discuss|talk|shake|exchange (?:views|folders|gifts)|hold (?:talks|a meeting "
        r"with))\b|"
        r"^(?:\w+ly |also |always |certainly |soon |still |continue to |continue |surely |be able to |"
        r"then |together |both )*(?:be(?! (?:\w+ly )?\w+(?:ed|ld|lt|ne|wn|en|up|un)\b)|become|reach(?! "
        r"out| agreement| consensus)|achieve|overcome|attain|remain|have|face|see|need|benefit|gain"
        r"|grow|flourish|thrive|develop(?= (?:further|strongly|well|rapidly|steadily|fruitfully|in )\b|$|"
        r"[.,])|witness|enjoy|visit|attend|arrive|depart|leave|pay (?:an?|their|his|her|tribute|courtesy)"
        r"|meet(?! (?:the|its|their) (?:obligation|commitment)| (?:at least|once|twice|annually|every|"
        r"regularly|alternately|again|as often|in regular))|receive(?! \d| more| up to| trainees| "
        r"students)|welcome|tour|lay|deliver (?:a|an|the|his|her) (?:\w+ )?(?:speech|address|lecture|"
        r"remarks)|travel|fly|stay|go(?! on)|come|pass|rest|not rest|account|exceed|total|hit|rise|fall|"
        r"drop|surpass|recover|"
        r"live|last|stand(?= (?:shoulder|side|by|with))|treasure|cherish|remember|bear|forget|miss|mark|"
        r"celebrate|like|prove|play|make (?:a |an )?(?:\w+ )?(?:contribution|difference|success)|"
        r"co-chair|chair|take place|take part in the|"
        r"enter into force|come into|apply|expire|terminate|lapse|prevail|govern|constitute|mean|include|"
        r"consist|comprise|contain|depend|win|lose|know|find|inspire|serve as|end|succeed|take office|"
        r"step down|address the|hold (?:talks|a press|a joint press|meetings? with))\b"
        r"|^(?:\w+ly |also )*be (?:\w+ly )?(?:seen|felt|remembered|welcomed|able|honou?red|interpreted|"
        r"construed|deemed|governed|terminated|renewed automatically|amended|valid|considered|fulfilled|"
        r"realised|realized|accompanied|joined|followed|greeted|driven|boosted|known|affected|required|"
        r"needed|visited|attended|open to|done in|extended automatically)"
    ),
    deeds=compiled(rf"^(?:to )?{VERB}|^{ADVERBS}{GERUND}\b"),
    breaks=compiled(
        r"(?:\s*;\s*(?:and |or |as well as )?(?:to )?|\s*,\s*(?:and |as well as |while |along with |"
        r"together with |and also |and to )?(?:to )?| (?:and|as well as|while|along with|together with|"
        r"and also) (?:to )?)"
        rf"(?:(?:shall|will|would|should) )?(?P<verb>{VERB})"
    ),
    heading=compiled(
        r"^\W*(?:[\divx]+[.)] )?(?:(?:the )?(?:agreed |joint |main |specific |follow[- ]?up |next |key "
        r")*(?:actions?|action (?:items|points)|commitments?|decisions?|undertakings|conclusions|"
        r"agreements reached|outcomes agreed|agreed outcomes|next steps|deliverables|follow[- ]?up|"
        r"agreed (?:points|items|measures))"
        r"(?: (?:and|of the (?:meeting|session)|agreed|to be taken) ?\w*)?)\W*$"
    ),
    completed=compiled(
        r"\b(?:completed?|completion|inaugurat\w+|opened|opening|signed|signing|concluded|conclusion of|"
        r"entered into force|ratified|put into operation|handed over|successful(?:ly)? (?:organi[sz]|"
        r"host|h[eo]ld|conclu)\w*|achieved|fulfilled|delivered|was held|were held|held its)\b"
    ),
    fronted=compiled(
        r"\W*(?:in this (?:regard|connection|context|spirit)|to (?:this|that) end|accordingly|moreover|"
        r"furthermore|in addition|also|besides|meanwhile|therefore|for (?:his|her|its|their) part|on "
        r"(?:this|that) (?:occasion|basis)|in (?:particular|response|reply|return|turn)|at the "
        r"(?:meeting|talks|session)|finally|lastly|firstly|first|second(?:ly)?|third(?:ly)?|concluding "
        r"the \w+|subject to [^,]{3,80}|in accordance with [^,]{3,80}|by [^,]{3,40}|in (?:19|20)\d\d|on "
        r"\d+ \w+(?: \d{4})?|within [^,]{3,40}|from [^,]{3,30}|to [a-z][^,]{3,160}),? "
    ),
    ignored_end=compiled(
        r",? (?:(?:he|she|they|it|the \w+(?: \w+)?) (?:said|added|noted|stressed|stated|affirmed|told "
        r"reporters)|according to the [\w ]+|the (?:statement|communiqu[ée]|report|release) (?:said|says|"
        r"reads))\s*$"
    ),
    clause_break=compiled(
        r";\s*(?:and |while )?|,\s*(?:and|while|whereas|but|so|adding that)\s+|[\"']\s+|,? (?:(?:in|for|"
        r"under|by|at|through) which(?: purpose| end)?|whereby|where|when|and said|and added) "
    ),
    joint_before_cue=compiled(
        r"\s*(?:[;,]\s*(?:and |while |but |whereas |(?:for|in|under) which (?:purpose |end )?)?|\b(?:and|"
        r"while|but|whereas)\s)"
    ),
    said=compiled(
        r"\b(?:said|says|told \w+|add(?:ed|s)|noted|that|stat(?:ed|es)|affirm\w*|confirm\w*|announc\w*|"
        r"reiterat\w*|stress\w*|inform\w*|emphasi[sz]\w*|assur\w*|declar\w*|pledg\w*|underlin\w*|"
        r"underscor\w*|agreed|promis\w*|indicat\w*|signal\w*|disclos\w*|explain\w*|reveal\w*|made clear|"
        r"let it be known|made it known) (?:that )?"
    ),
    confident=compiled(
        r"\b(?:confiden\w+|belie(?:f|ves?|ved)|convinc\w+|convict\w+|optimis\w+|predict\w*|forecast\w*|"
        r"projected|estimat\w*|trust(?:s|ed)?|hop(?:e[sd]?|ing)|wish(?:es|ed)?|expect(?:s|ed)? that|"
        r"anticipat\w*|dream\w*|warn\w*|recall\w*|remember\w*|quot\w+|repeatedly)\b"
    ),
    passive=compiled(
        r"^(?:also |then |next |\w+ly |not )?be (?:\w+ly )?(?:"
        r"accelerated|activated|addressed|adopted|applied|assigned|circulated|considered|dealt with|"
        r"deepened|delivered|deployed|designated|dispatched|eased|"
        r"ensured|examined|explored|facilitated|harmoni[sz]ed|intensified|lifted|moderni[sz]ed|nominated|"
        r"published|pursued|rebuilt|recogni[sz]ed|removed|"
        r"renovated|repaired|restored|revived|streamlined|studied|tackled|transferred|translated|used|"
        r"abolished|allocated|appointed|arranged|begun|built|carried out|completed|concluded|conducted|"
        r"connected|convened|created|developed|"
        r"discussed|doubled|drafted|drawn up|encouraged|enhanced|established|exchanged|exempt(?:ed)?|"
        r"expanded|extended|finali[sz]ed|financed|formed|"
        r"given|granted|handled|held|hosted|implemented|increased|installed|introduced|kept|launched|"
        r"linked|made|maintained|negotiated|offered|"
        r"opened|organi[sz]ed|prepared|promoted|provided|raised|reduced|reopened|resolved|resumed|"
        r"reviewed|sent|set up|settled|shared|signed|"
        r"simplified|started|strengthened|submitted|supported|tasked|trained|upgraded|waived)\b"
        r"|^(?:\w+ly )?be (?:in (?:service|operation|place)|operational|ready|functional|available)\b"
    ),
    protocol=compiled(
        r"\b(?:ceremon\w+|banquet|reception|dinner|luncheon|wreath|press conference|welcome|concert|"
        r"speech|tour|exhibition|lecture|talks|visit|"
        r"disputes?|differences|this (?:agreement|memorandum|treaty|convention|protocol)|the present \w+|"
        r"amendments?)\b"
    ),
    decision=compiled(
        r"(?:\w+ )?(?:decisions?|agreed|actions?|action points?|agreed actions?|commitments?|"
        r"undertakings?|outcomes?|follow[- ]up|resolved|agreement)(?: \d+)?\s*[:-] "
    ),
    declaration=compiled(r"\bwe, the\b|\bjoint (?:\w+ )?(?:statement|declaration|communiqu)"),
    outsiders=compiled(
        r"\b(?:compan(?:y|ies)|both teams|players?|coach(?:es)?|judges?|fans|museums?|galler(?:y|ies)|"
        r"organi[sz]ers|clubs?|courts?|hospitals?|banks?|universit(?:y|ies)|federation|orchestras?|"
        r"artists?|which|coalition|tribunal|board|teams? of|firms?|makers?|airlines?|investors?|"
        r"businesses|entrepreneurs|experts? (?:said|from)|professors?|analysts?|observers|economists|"
        r"residents|farmers|workers|"
        r"students|citizens|opposition|critics|scholars?|manufacturers?|producers?|conglomerates?|"
        r"start-?ups?|researchers|scientists|activists|villagers|rebels|protesters|corporation|"
        r"shareholders|private sector|institutes?|think tanks?|associations?|chambers? of commerce|"
        r"defendants?|lawyers?|commuters|passengers|columnists?|"
        r"contractors?|candidates?|trade unions?|executives?|spokes\w+ for the (?:firm|group))\b"
    ),
    item_subject=compiled(r"(?: to | will | shall |\s*:\s+| - )"),
    after_addressee=compiled(
        r"\b(?:to|will|would|should|shall|must|can|could|continue|continues|keep|be|not|maintain|take|"
        r"give|pay|support|make|hold|consider|(?!morning|evening)[a-z]{4,}ing)\b"
    ),
    cooperation=compiled(
        r"\b(?:cooperat|collaborat|bilateral|implement|mechanism|agreement|joint|mutual|relations|ties|"
        r"project|commit|exchange|two-way|coordinat|trade|gate|border)\w*"
    ),
    other_side=compiled(
        r"\s*(?:the (?:other side|country|neighbou?ring \w+)|it|him|her|his host|her host|his "
        r"counterpart|her counterpart)\b"
    ),
    general=compiled(
        r"\s*(?:(?:a|an|the|several|many|various|some|number|set|series|range|of|major|main|key|concrete|"
        r"specific|important|practical|following|other|new|broad) )*"
        r"(?:measures|directions?|orientations?|steps|ways|points|issues|matters|contents|priorities|"
        r"areas|solutions|tasks|topics)\b"
        r"|\s*(?:study|consider|examine|look into|look at|review|think about) (?:it|(?:the|this|that|"
        r"these|those) (?:\w+ )?(?:proposals?|requests?|suggestions?|ideas?|matter|issue))\b"
        r"|\s*(?:disagree|differ|much\b|keep talking|do so)"
    ),
    including=compiled(r"[,:]?\s*(?:including|namely|such as|in particular|among them|among which)\s+|:\s+"),
    stranger=compiled(r"\s*(?:the|an?|all|other) (?:[\w'-]+ ){1,5}?(?:to|that)\b"),
    courtesy=compiled(
        r"\b(?:convey|pass on|extend|accept) (?:[\w']+ ){0,4}?(?:greetings|regards|wishes|condolences|"
        r"invitations?|thanks|congratulations)\b|\bto (?:visit|pay|be seated|stand)\b"
    ),
    adverbs=frozenset(
        "it he she also further then both jointly again likewise has have had moreover itself themselves in turn and".split()
    ),
    agent=compiled(r"(?<!hosted)(?<!held) by (?:the )?"),
)
