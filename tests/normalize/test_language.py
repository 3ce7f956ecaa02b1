import pytest

from aggregator.normalize.language import language, tag_of

CHINESE = "国内首款使用超低制冷剂的新能源汽车来了，公司曾公开表示已有少量销售"
JAPANESE = "新しい電気自動車が発表されました。来年から販売される予定です"
KOREAN = "새로운 전기 자동차가 발표되었습니다 내년부터 판매됩니다"
RUSSIAN = "Новые электромобили появятся в продаже в следующем году"
UKRAINIAN = "Нові електромобілі з’являться у продажу наступного року, повідомили її творці"
TRADITIONAL = "國內首款新能源汽車來了，公司說過還會與業者進一步開發產品"
ENGLISH = "A new electric car was shown today"


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        ("en", CHINESE, "zh"),
        ("en-US", JAPANESE, "ja"),
        ("zh-CN", JAPANESE, "ja"),
        ("en", KOREAN, "ko"),
        ("en", RUSSIAN, "ru"),
        ("uk", RUSSIAN, "uk"),
        ("zh-TW", CHINESE, "zh-TW"),
        ("ja", CHINESE, "ja"),
        ("de", ENGLISH, "de"),
        ("zh", ENGLISH, "zh"),
        ("en", "iPhone 发布", "en"),
        (None, CHINESE, "zh"),
        (None, RUSSIAN, "ru"),
        (None, UKRAINIAN, "uk"),
        ("en", UKRAINIAN, "uk"),
        ("ru", UKRAINIAN, "ru"),
        (None, "Новите електромобили ще се появят в продажба през следващата година, съобщи заводът", "bg"),
        (None, "Кола дома", None),
        (None, TRADITIONAL, "zh-Hant"),
        ("en", TRADITIONAL, "zh-Hant"),
        ("zh-CN", TRADITIONAL, "zh-CN"),
        ("ja", CHINESE * 3, "zh"),
        ("ko", CHINESE * 3, "zh"),
        (None, "Τα νέα ηλεκτρικά αυτοκίνητα θα πωλούνται από το επόμενο έτος", "el"),
        (None, "מכוניות חשמליות חדשות יימכרו בשנה הבאה", "he"),
        (None, "ستباع السيارات الكهربائية الجديدة في العام المقبل", "ar"),
        (None, "خودروهای برقی جدید سال آینده فروخته می‌شوند", "fa"),
        (None, "รถยนต์ไฟฟ้าใหม่จะวางจำหน่ายในปีหน้า", "th"),
        (None, "नई इलेक्ट्रिक कारें अगले साल से बिकेंगी", "hi"),
        ("mr", "नई इलेक्ट्रिक कारें अगले साल से बिकेंगी", "mr"),
        (None, "புதிய மின்சார கார்கள் அடுத்த ஆண்டு முதல் விற்கப்படும்", "ta"),
        (None, "ახალი ელექტრომობილები გაისად გაიყიდება", "ka"),
        (None, ENGLISH, None),
        ("en", "", "en"),
    ],
)
def test_script_overrules_a_declaration_that_it_contradicts(declared, text, expected):
    assert language(text, declared) == expected


def test_first_declaration_that_says_something_counts():
    assert language("", None, "", "und", "de", "fr") == "de"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zh_CN", "zh-CN"),
        ("EN-us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("en, de", "en"),
        ("en_US.UTF-8", "en-US"),
        ("de-x-a", "de-x-a"),
        ("english", None),
        ("", None),
        ("und", None),
        ("<b>", None),
        (None, None),
    ],
)
def test_tag_is_written_in_one_way(text, expected):
    assert tag_of(text) == expected
