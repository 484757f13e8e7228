"""The formulas of diplomatic texts, by language: how binding a wording is, and what reports.

Formulas are separated by commas. A formula is one word or several. ``*`` at its beginning or end stands for
any letters, as in the future tenses of Romance languages. Marks count (*se* is not *sẽ*), unless the text was
typed without any.

To add a language, add it to ``_STOP_WORDS`` of ``core/text_language.py`` and to each table here.
"""

from commitments.choices import Modality

FORMULAS: dict[str, dict[Modality, str]] = {
    "en": {
        Modality.COMMITTED: "committed, commit, commits, undertook to, undertake to, undertakes to",
        Modality.AGREED: "agreed, agree, agrees, decided, concurred, reached consensus",
        Modality.VOWED: "vowed, vow, vows, pledged, pledge to, pledges, promised",
        Modality.AFFIRMED: "affirmed, affirm, affirms, reaffirmed, reaffirm, reaffirms, reiterated, "
        "reiterate, reiterates, stressed, stress, stresses, underlined, underscored, emphasised, emphasized",
        Modality.WILL: "will, would, shall",
        Modality.STANDS_READY: "stands ready, stand ready, stood ready, ready to",
        Modality.EXPECTED: "expected, expects, expect, looked forward, look forward, trusted",
        Modality.WELCOMED: "welcomed, welcome, welcomes, valued, appreciated, praised, thanked, noted, took "
        "note, hailed, commended",
        Modality.SUGGESTED: "suggested, proposed, suggests, proposes",
        Modality.REQUESTED: "requested, asked, requests, asks",
        Modality.CALLED_ON: "called on, calls on, called upon, calls upon, urged, urges",
        Modality.HOPED: "hoped, hopes, hope, wished, wishes, seeks",
    },
    "vi": {
        Modality.COMMITTED: "cam kết",
        Modality.AGREED: "nhất trí, thống nhất, thỏa thuận, thoả thuận, đồng ý",
        Modality.VOWED: "quyết tâm, hứa",
        Modality.AFFIRMED: "khẳng định, nhấn mạnh",
        Modality.WILL: "sẽ",
        Modality.STANDS_READY: "sẵn sàng",
        Modality.EXPECTED: "kỳ vọng, kì vọng, tin tưởng, tin rằng, trông đợi",
        Modality.WELCOMED: "hoan nghênh, đánh giá cao, cảm ơn, cám ơn, ghi nhận, vui mừng, chúc mừng",
        Modality.SUGGESTED: "đề xuất, đề nghị, kiến nghị",
        Modality.REQUESTED: "yêu cầu",
        Modality.CALLED_ON: "kêu gọi",
        Modality.HOPED: "hy vọng, hi vọng, mong muốn, mong",
    },
    "km": {
        Modality.COMMITTED: "ប្តេជ្ញា",
        Modality.AGREED: "យល់ព្រម, ឯកភាព, ព្រមព្រៀង, យល់ស្រប",
        Modality.VOWED: "សន្យា",
        Modality.AFFIRMED: "បញ្ជាក់, សង្កត់ធ្ងន់, គូសបញ្ជាក់",
        Modality.WILL: "នឹង",
        Modality.STANDS_READY: "ត្រៀមខ្លួន, ត្រៀមជាស្រេច",
        Modality.EXPECTED: "រំពឹង, ជឿជាក់",
        Modality.WELCOMED: "ស្វាគមន៍, វាយតម្លៃខ្ពស់, អបអរសាទរ, អរគុណ, កោតសរសើរ",
        Modality.SUGGESTED: "ស្នើ",
        Modality.REQUESTED: "ស្នើសុំ, ទាមទារ",
        Modality.CALLED_ON: "អំពាវនាវ",
        Modality.HOPED: "សង្ឃឹម, ប្រាថ្នា",
    },
    "fr": {
        Modality.COMMITTED: "s'engage, s'engagent, s'est engagé, s'est engagée, se sont engagés, se sont "
        "engagées, ont pris l'engagement, a pris l'engagement",
        Modality.AGREED: "sont convenus, sont convenues, est convenu, est convenue, ont convenu, a convenu, "
        "convinrent, conviennent, convient avec, se sont entendus, se sont entendues, se sont mis d'accord, "
        "se sont mises d'accord, sont tombés d'accord, sont tombées d'accord, se sont accordés, se sont "
        "accordées, ont décidé, a décidé, décident, ont accepté, a accepté, acceptent",
        Modality.VOWED: "ont promis, a promis, promet, promettent",
        Modality.AFFIRMED: "réaffirme*, réaffirmé*, réaffirmèrent, affirme*, affirmé*, réitère*, réitéré*, "
        "souligne*, souligné*, soulignèrent, insiste*, insisté*, rappelle*, rappelé*",
        Modality.WILL: "*ront, *era, *dra, aura, pourra, devra, enverra, fournira, poursuivra",
        Modality.STANDS_READY: "prêt à, prête à, prêts à, prêtes à, disposé à, disposée à, disposés à, "
        "disposées à",
        Modality.EXPECTED: "s'attend, s'attendent, comptent, escompte*, est prévu*, sont prévu*",
        Modality.WELCOMED: "félicite*, félicité*, salue, saluent, salué, remercie*, remercié*, ont pris "
        "note, a pris note, prend note, prennent note, apprécie*, apprécié*",
        Modality.SUGGESTED: "propose, proposent, proposé*, suggère*, suggéré*",
        Modality.REQUESTED: "demande, demandent, demandé, prie, prient, sollicite*, sollicité*",
        Modality.CALLED_ON: "a appelé, ont appelé, appelle, appellent, exhorte*, exhorté*, invite, "
        "invitent, ont invité, a invité",
        Modality.HOPED: "espère*, espéré*, souhaite*, souhaité*, exprimé l'espoir, formé le vœu, formé le "
        "voeu",
    },
    "pt": {
        Modality.COMMITTED: "comprometeram-se, comprometeu-se, comprometem-se, compromete-se, se "
        "comprometeram, se comprometeu, se comprometem, se compromete, assumiram o compromisso, assumiu o "
        "compromisso",
        Modality.AGREED: "acordaram, acordou, acordam, concordaram, concordou, concordam, convieram, "
        "decidiram, decidiu, decidem, acertaram, chegaram a acordo",
        Modality.VOWED: "prometeram, prometeu, prometem, promete",
        Modality.AFFIRMED: "reafirm*, afirmaram, afirmou, afirmam, reiter*, sublinh*, salient*, destac*, "
        "enfatiz*, ressalt*, frisou, frisaram",
        Modality.WILL: "*rão, *rá, *-se-á, *-se-ão",
        Modality.STANDS_READY: "pronto a, pronta a, prontos a, prontas a, pronto para, pronta para, prontos "
        "para, prontas para, disposto a, disposta a, dispostos a, dispostas a",
        Modality.EXPECTED: "espera-se, prevê, prevê-se, preveem, contam com, aguard*",
        Modality.WELCOMED: "congratul*, saudaram, saudou, saúdam, saúda, acolheram, acolheu, acolhem, "
        "agradec*, regozij*, elogi*, tomaram nota, tomou nota",
        Modality.SUGGESTED: "propuseram, propôs, propõe, propõem, sugeriu, sugeriram, sugere, sugerem",
        Modality.REQUESTED: "solicitou, solicitaram, solicita, solicitam, pediu, pediram, pede, pedem",
        Modality.CALLED_ON: "apelaram, apelou, apelam, apela, instaram, instou, exortaram, exortou",
        Modality.HOPED: "espera, esperam, fez votos, fizeram votos, desejam, deseja, desejaram, desejou, "
        "manifestou a esperança, manifestaram a esperança, expressou a esperança, expressaram a esperança",
    },
    "es": {
        Modality.COMMITTED: "se comprometieron, se comprometió, se comprometen, se compromete, asumieron el "
        "compromiso, asumió el compromiso",
        Modality.AGREED: "acordaron, acordó, acuerdan, convinieron, convino, convienen, coincidieron en, "
        "decidieron, decidió, deciden, llegaron a un acuerdo",
        Modality.VOWED: "prometieron, prometió, prometen",
        Modality.AFFIRMED: "reafirm*, afirmaron, afirmó, afirman, reiter*, subray*, destac*, enfatiz*, "
        "recalc*, resalt*, hicieron hincapié, hizo hincapié",
        Modality.WILL: "*rán, *rá",
        Modality.STANDS_READY: "dispuesto a, dispuesta a, dispuestos a, dispuestas a, listo para, lista "
        "para, listos para, listas para",
        Modality.EXPECTED: "se espera, se prevé, prevé, prevén, confía en que, confían en que",
        Modality.WELCOMED: "acogieron con, acogió con, acogen con, congratul*, felicit*, agradec*, "
        "saludaron, saludó, valoraron, valoró, elogi*, tomaron nota, tomó nota",
        Modality.SUGGESTED: "propusieron, propuso, proponen, propone, sugirieron, sugirió, sugieren, sugiere",
        Modality.REQUESTED: "solicitó, solicitaron, solicita, solicitan, pidió, pidieron, pide, piden",
        Modality.CALLED_ON: "instaron, instó, instan, exhortó, exhortaron, hizo un llamamiento, hicieron un "
        "llamamiento, hizo un llamado, hicieron un llamado",
        Modality.HOPED: "espera, esperan, desea, desean, expresó su esperanza, expresaron su esperanza, "
        "manifestó su esperanza, manifestaron su esperanza",
    },
}
"""The formulas of each modality. The first one in a paragraph decides."""

REPORTS: dict[str, str] = {
    "en": "reported, reports, informed, briefed, announced, found that, found to, was completed, has been "
    "completed, have been completed, had been completed, had been carried out, has been carried out, have "
    "been carried out",
    "vi": "thông báo, báo cáo, cho biết, đã hoàn thành, đã triển khai, đạt kết quả",
    "km": "រាយការណ៍, ជូនដំណឹង, បានបញ្ចប់, ជម្រាបជូន",
    "fr": "a informé, ont informé, informe, informent, a annoncé, ont annoncé, ont constaté, a constaté, "
    "constatent, rendu compte, fait état, a été achevé*, ont été achevé*, est achevé*",
    "pt": "informou, informaram, informa, informam, anunciou, anunciaram, comunicou, comunicaram, relatou, "
    "relataram, constataram, constatou, foi concluíd*, foram concluíd*",
    "es": "informó, informaron, informa, informan, anunció, anunciaron, comunicó, comunicaron, constataron, "
    "constató, dio cuenta, dieron cuenta, fue concluid*, ha concluido",
}
"""Formulas that tell what was done. Such a paragraph reports progress, unless it asks for something."""

COURTESIES: dict[str, str] = {
    "en": "hospitality, warm welcome, warm reception, cordial reception, good health, friendly atmosphere, "
    "cordial atmosphere, warm atmosphere, atmosphere of, condolences, congratulated, congratulates, paid "
    "tribute, attentive arrangements, done at, done in duplicate, in witness whereof",
    "vi": "đón tiếp, lòng hiếu khách, lời chúc mừng, chúc mừng, lời thăm hỏi, chia buồn, bầu không khí, làm "
    "tại",
    "km": "បដិសណ្ឋារកិច្ច, ទទួលស្វាគមន៍យ៉ាងកក់ក្តៅ, អបអរសាទរ, រំលែកទុក្ខ, បរិយាកាស",
    "fr": "hospitalité, accueil chaleureux, chaleureux accueil, accueil cordial, atmosphère, condoléances, "
    "bonne santé, a félicité, ont félicité, fait à",
    "pt": "hospitalidade, acolhimento caloroso, caloroso acolhimento, calorosa recepção, calorosa receção, "
    "atmosfera, ambiente cordial, condolências, felicitou, felicitaram, feito em",
    "es": "hospitalidad, cálida acogida, cálido recibimiento, cálida bienvenida, ambiente cordial, "
    "atmósfera, condolencias, felicitó, felicitaron, hecho en",
}
"""Thanks, wishes and the ends of papers. What has one of them and binds nobody mentions no commitment."""

NOT_FORMULAS: dict[str, str] = {
    "en": "political will, free will, as agreed, agreed minutes, would like to",
    "vi": "các cam kết, những cam kết, thực hiện cam kết, cam kết quốc tế, các thỏa thuận, các thoả thuận, "
    "những thỏa thuận, những thoả thuận, bản thỏa thuận, bản thoả thuận, ký thỏa thuận, ký thoả thuận, thỏa "
    "thuận hợp tác, thoả thuận hợp tác, thỏa thuận đã, thoả thuận đã, thống nhất đất nước, đáp ứng yêu cầu, "
    "theo yêu cầu, các yêu cầu, yêu cầu phát triển",
    "km": "កិច្ចព្រមព្រៀង, ឯកភាពជាតិ, ជាមួយនឹង, ប្រឆាំងនឹង, ទាក់ទងនឹង, ស្របនឹង, ពាក់ព័ន្ធនឹង, ឆ្លើយតបនឹង, ប្រៀបធៀបនឹង",
    "fr": "front, affront, à la demande, la demande, une demande, sur demande",
    "pt": "",
    "es": "",
}
"""What contains a formula and is none, such as a noun."""

NEGATIONS: dict[str, str] = {
    "en": "not, never, failed to, declined to, refused to, unable to",
    "vi": "không, chưa, chẳng",
    "km": "មិន, មិនបាន, មិនទាន់, មិនទាន់បាน",
    "fr": "n'ont pas, n'a pas, ne sont pas, ne se sont pas, n'est pas, ne, n', pas",
    "pt": "não, nunca, não se",
    "es": "no, nunca, no se",
}
"""A formula straight after one of them is none."""
