"""Who an Arabic byline of a place and a name names: ``القاهرة - أحمد سالم``."""

from __future__ import annotations

import re

from generator.dates import PLAIN

_DASH = re.compile(r"\s+[-–—|/ـ]\s+|\s*[–—|]\s*")
#: A word that is no verb of the present.
_NAME = re.compile(r"(?![يت])[\u0621-\u064a]{2,}")
#: Given names, as they are written without hamza; those with a servant (عبد) besides.
_GIVEN = frozenset(
    "محمد احمد محمود حامد حمد حمدي حميد مصطفى علي عمر عثمان حسن حسين حسام حسان خالد وليد طارق ياسر ياسين سعيد سعد سالم سليم سليمان سلمان سامي سامح سمير "
    "كريم كمال كامل جمال جميل ابراهيم اسماعيل اسحاق يوسف يونس يعقوب موسى عيسى داود ايوب ادم نوح هارون زكريا يحيى الياس جورج جوزيف مارون طوني بيار "
    "انس اسامة ايمن اشرف اكرم امجد امين انور ايهاب باسم بسام بلال بدر بشير بهاء تامر توفيق ثائر جابر جاسم جهاد حاتم حازم حمزة حيدر خليل رامي رائد رشيد رضا رضوان رفيق رياض زياد زيد زين "
    "شادي شريف شاكر صالح صبحي صبري صلاح صهيب ضياء طاهر طه عادل عارف عاطف عامر عباس عدنان عدي عزت عزيز عصام عطية علاء عماد عمار عمرو غازي غسان فادي فارس فاروق فاضل فايز فهد فؤاد فوزي فيصل "
    "قاسم قيس لؤي ماجد مازن مالك ماهر مجدي محسن مراد مروان مسعود معاذ معتز معن منذر منصور منير مهدي مهند ميشال نادر ناصر نبيل نجيب نزار نضال نعيم نور نورالدين هاشم هاني هشام هيثم وائل وسام وسيم ياسمين يزن "
    "فاطمة عائشة خديجة زينب مريم سارة ليلى سلمى سلوى سمر سميرة سناء سهام سهى سوسن شيماء شيرين رنا رانيا رانية ريم رشا رغد رؤى روان دينا داليا دعاء دلال حنان حنين حياة هالة هبة هدى هند هناء هيفاء نادية نادين نجلاء "
    "نسرين نهى نوال نورا نورة لبنى لينا لمى مروة منى مها مي ميساء ميسون ملاك اسماء اسراء ايمان اميرة امل امال امينة ابتسام الاء ايات اية بسمة بتول جميلة جمانة جنى رباب زهراء صفاء ضحى عبير علياء عهد غادة فرح كوثر وفاء ولاء يسرى".split()
)  # fmt: skip
#: Where the news in Arabic comes from, without hamza.
_PLACES = frozenset(
    "القاهرة|الاسكندرية|الجيزة|اسوان|بيروت|طرابلس|صيدا|دمشق|حلب|حمص|ادلب|درعا|اللاذقية|بغداد|البصرة|الموصل|اربيل|كركوك|النجف|الرياض|جدة|مكة|المدينة المنورة|الدمام|دبي|ابوظبي|ابو ظبي|الشارقة|"
    "الدوحة|الكويت|المنامة|مسقط|صنعاء|عدن|تعز|عمان|القدس|القدس المحتلة|رام الله|غزة|خان يونس|رفح|نابلس|جنين|الخليل|بيت لحم|حيفا|الناصرة|تل ابيب|تونس|صفاقس|الجزائر|وهران|الرباط|الدار البيضاء|طنجة|مراكش|فاس|"
    "نواكشوط|بنغازي|الخرطوم|ام درمان|بورتسودان|جوبا|مقديشو|جيبوتي|انقرة|اسطنبول|طهران|اسلام اباد|كابول|نيودلهي|بكين|طوكيو|موسكو|كييف|لندن|باريس|مرسيليا|برلين|روما|مدريد|بروكسل|جنيف|فيينا|اثينا|نيقوسيا|لاهاي|ستوكهولم|واشنطن|نيويورك|اديس ابابا|نيروبي".split("|")
)  # fmt: skip
#: No byline is longer.
_LONGEST = 80


def correspondent(text: str, *, credited: bool = False) -> str:
    """The name (or names) beside a place, "" for none; where the page marks a credit, the place may be any."""
    text = text.strip()
    if len(text) > _LONGEST or not "\u0621" <= text[:1] <= "\u064a":
        return ""
    parts = _DASH.split(text)
    people = [part for part in parts if _is_person(part)]
    placed = any(part.translate(PLAIN) in _PLACES for part in parts)
    return ", ".join(people) if len(people) < len(parts) <= 3 and (placed or credited) else ""


def _is_person(text: str) -> bool:
    """Whether a text is a given name with others, and none of these a verb."""
    words = text.translate(PLAIN).split()
    given = words[:1] and (words[0] in _GIVEN or words[0].startswith("عبد"))
    return bool(given) and 2 <= len(words) <= 4 and all(_NAME.fullmatch(word) or word in _GIVEN for word in words[1:])
