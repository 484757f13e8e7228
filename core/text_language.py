"""Recognises the language of a text by its letters and its most frequent words.

It answers only if it is sure. Most names in a text have letters of another language, and a heading is short.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection
from functools import lru_cache
from heapq import nlargest

from core.language_marks import language_of_letters
from core.search.folding import fold

_STOP_WORDS = {
    "en": "the of and to in that for is on with by be as at from are was were have has had this which their "
    "they it its he she his her will would shall should not both between more also further said who than an "
    "or been other these those two sides each such into them did does where after before but",
    "fr": "le la les des du de un une et en dans que qui pour sur avec par est sont au aux ce cette ces "
    "leur leurs il elle ils elles ont été entre plus ainsi deux se ne pas son sa ses ou à d l s qu n "
    "également",
    "pt": "o a os as do da dos das de um uma e em no na nos nas que para com por pelo pela pelos pelas é "
    "são ao aos à às seu sua seus suas se não foi entre mais também como ambas ambos duas dois este esta "
    "nao tambem",
    "es": "a el la los las del de un una y en que para con por es son al su sus se no fue fueron entre "
    "más lo también como ambas ambos dos este esta tambien",
    "vi": "và của các cho với trong những được hai bên nước vào đến không một này là có đã sẽ về để tại từ "
    "theo phía giữa như trên người việc nhằm cũng",
    "it": "il lo la i gli le di del della dei delle un una e in nel nella che per con da sono è al alla si "
    "non tra fra più anche loro le due questo hanno ha",
    "de": "der die das und in den von zu mit für auf ist sind im dem des ein eine nicht dass beide sich "
    "auch zwischen bei wird werden haben hat",
    "nl": "de het een en van in op te dat voor met zijn is niet door aan bij ook tussen beide worden hebben "
    "heeft",
    "id": "yang dan di ke dari untuk dengan pada ini itu kedua pihak dalam akan telah tidak antara oleh "
    "juga bahwa sebagai lebih negara",
    "ro": "și în de la cu pe pentru din care să este sunt a au fost un o între mai ale al ambele se nu",
    "pl": "i w na z do że się nie oraz jest są o od za przez dla między obie strony po",
    "tr": "ve bir bu ile için da de iki arasında olarak olan taraf daha çok",
}
"""Frequent words. Some languages are here only so that they are not taken for another one."""
_VIETNAMESE = re.compile(r"[^\W\d_]*[ăơưđạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ][^\W\d_]*")
"""Words with letters that no other language of the table has."""
_ENDINGS = {
    "en": "ing tions tion ed ity ties ly ment ments",
    "fr": "eux eaux aux ées ité eront iront ement ment ais aise tion tions",
    "pt": "ção ções ão ões nça nças dade ará erá irá aram eram iram ado ada ndo anos antes ais eis",
    "es": "ción ciones dad dades ño ña ará erá irá arán erán irán aron ieron ado ada ndo anos antes",
    "it": "zione zioni tà mente ato ati",
    "de": "ung ungen keit",
}
"""Endings of words, for those that are not frequent."""
_WORD = re.compile(r"[^\W\d_]+")
_ENDING_OF = {
    language: re.compile(rf"\w(?:{endings.replace(' ', '|')})$") for language, endings in _ENDINGS.items()
}
_PART_OF_VIETNAMESE = 0.25
"""The share of words with Vietnamese letters from which a text is Vietnamese. Names are fewer in others."""
_PART_OF_STOP_WORDS = 0.12
_LEAD = 1.25
"""How many times as many frequent words as of the next language a text must have."""

_LANGUAGES_OF: dict[str, set[str]] = {}
for _language, _words in _STOP_WORDS.items():
    for _stop_word in _words.split():
        _LANGUAGES_OF.setdefault(_stop_word, set()).add(_language)
        if _language == "vi":
            # Vietnamese is often typed without its marks.
            _LANGUAGES_OF.setdefault(fold(_stop_word), set()).add(_language)

_FOLDED = frozenset(map(fold, _LANGUAGES_OF))


def is_stop_word(word: str) -> bool:
    """Whether the folded ``word`` is frequent in one of the languages and says little."""
    return word in _FOLDED


def language_of(text: str, *, expected: str = "") -> str:
    """The code of the language of ``text``, or "" if it cannot be told.

    If the words are as frequent in the ``expected`` language as in others, it is that.
    """
    text = unicodedata.normalize("NFC", text).lower()
    if language := language_of_letters(text):
        return language
    words = _WORD.findall(text)
    if not words:
        return ""
    if len(_VIETNAMESE.findall(text)) >= _PART_OF_VIETNAMESE * len(words):
        return "vi"
    scores = _scores(words)
    first, second = nlargest(2, [*scores.values(), 0, 0])
    if first and scores.get(expected, 0) * _LEAD >= first:
        return expected
    is_sure = first >= _PART_OF_STOP_WORDS * len(words) and first >= _LEAD * second
    return max(scores, key=scores.__getitem__) if is_sure else ""


def _scores(words: list[str]) -> dict[str, float]:
    """How much speaks for each language. A word of several languages speaks less for each of them."""
    scores: defaultdict[str, float] = defaultdict(float)
    for word in words:
        languages = _languages_of(word)
        for language in languages:
            scores[language] += 1 / len(languages)
    return scores


@lru_cache(maxsize=8192)
def _languages_of(word: str) -> Collection[str]:
    """The languages in which ``word`` is frequent, else those of which it has an ending."""
    return _LANGUAGES_OF.get(word) or [
        language for language, ending in _ENDING_OF.items() if ending.search(word)
    ]
