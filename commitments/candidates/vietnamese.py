"""The tables of Vietnamese."""

from typing import Any

from commitments.candidates.languages import Cue, Language, Takes, compiled, one_of
from commitments.choices import MentionKind, Modality

DEEDS = one_of(
    """
    tăng cường, thúc đẩy, đẩy mạnh, đẩy nhanh, phối hợp, duy trì, mở rộng, triển khai, thực hiện, tổ chức,
    hoàn thành, hoàn tất, ký kết, ký, đàm phán, tạo điều kiện, tạo thuận lợi, tạo môi trường, nghiên cứu,
    hỗ trợ, giúp đỡ, giúp, trao đổi, chia sẻ, củng cố, làm sâu sắc, nâng cao, nâng cấp, nâng, phát huy,
    phát triển, bảo vệ, bảo đảm, đảm bảo, giải quyết, xử lý, tháo gỡ, xây dựng, thành lập, thiết lập,
    hợp tác, ủng hộ, cung cấp, cấp, dành, đào tạo, tiếp nhận, mở, khai thác, kết nối, thúc giục, ưu tiên,
    tập trung, phản bác, bố trí, hoàn thiện, kéo dài, xóa bỏ, rút ngắn, giảng dạy, dạy, bảo tồn, trùng tu,
    thu hồi, đấu tranh, ngăn ngừa, trấn áp, truy bắt, dẫn độ, kiểm soát, giám sát, thống nhất, xác định,
    lắp đặt, vận chuyển, cho phép, cho nhập khẩu, nhập khẩu, xuất khẩu, mua, bán, liên kết, nối,
    giới thiệu, quảng bá, tìm kiếm, quy tập, hồi hương, tăng cường, đồng hành, làm việc, làm, cùng, đề cao,
    chăm lo, kiểm tra, thanh toán, mời, đón, sang, khảo sát, thu xếp, chuẩn bị, giữ, hướng tới, nỗ lực,
    khuyến nghị, đồng tổ chức, luân phiên, hợp tác, biên soạn, dịch, in, phát sóng, tuần tra, thả, cứu,
    số hóa, phối hợp, thiết kế, lồng ghép, định kỳ, cải thiện, cải cách, loại bỏ, dỡ bỏ, hạn chế, tránh,
    thăm, báo cáo, công bố, ban hành, nhất trí, phấn đấu, đưa, tôn trọng, tuân thủ, không cho phép,
    không để, kiên quyết, ngăn chặn, phòng chống, phòng ngừa, đấu tranh, chống, quản lý, giữ gìn, giữ vững,
    sử dụng, tham vấn, tham gia, tiến hành, khởi động, khởi công, xem xét, rà soát, cử, gửi, đăng cai,
    chủ trì, tuyên truyền, giáo dục, khuyến khích, đóng góp, góp phần, cắt giảm, giảm, miễn, đơn giản hóa,
    công nhận, áp dụng, bổ sung, sửa đổi, gia hạn, cập nhật, thông báo, chuyển giao, tài trợ, viện trợ,
    bàn giao, đầu tư, nối lại, khôi phục, quan tâm, chú trọng, coi trọng, thu hút, vận hành, đa dạng hóa,
    nhân rộng, lập, soạn thảo, trình, phê chuẩn, phát động, kiềm chế, tạo, hài hòa, hiện đại hóa, sớm,
    gắn kết, trao, hợp lực, tăng
    """
)
_ADVERB = r"(?:(?:cùng nhau|cùng|cũng|sẽ|tiếp tục|tích cực|chủ động|thường xuyên|kịp thời|chặt chẽ|nhanh chóng|sớm|cần|phải|kiên trì|quyết tâm|khẩn trương|hiệu quả|luôn|không ngừng|nỗ lực|hết sức|đồng thời|trong thời gian tới|từng bước|nghiêm túc|đồng bộ) )*"
_VERB = rf"{_ADVERB}{DEEDS}\b"
_JOIN = r"(?:\s*,?\s*(?:về việc|rằng|là|trong việc|với việc|trong|về|sẽ|để|nhằm))?"
_SAY = r"(?:khẳng định|nhấn mạnh|cho biết|cho hay|tuyên bố|thông báo|tái khẳng định|bày tỏ)"

CUES: tuple[tuple[str, str, Takes, dict[str, Any]], ...] = (
    (
        r"\b(?:đã |cũng |cùng |hoàn toàn |tiếp tục |đồng thời )*(?:nhất trí|thống nhất|đồng ý|đồng thuận|"
        r"thỏa thuận|thoả thuận|quyết định)(?: cao| hoàn toàn| một số| các| với nhau)*(?P<join>"
        + _JOIN
        + r")(?=[\s:,])",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:đạt|đi đến)(?: được)? (?:nhất trí|thống nhất|đồng thuận|thỏa thuận|thoả thuận|nhận thức "
        r"chung)(?: cao)?(?: về| trong| rằng)(?: việc)?\b",
        Modality.AGREED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:đã |được |cũng |đã được )*(?:các bên|hai bên|hai nước|hai bộ trưởng) (?:nhất trí|thống "
        r"nhất|đồng ý|thông qua)(?=\s*[.;,]|\s*$)",
        Modality.AGREED,
        Takes.PASSIVE,
        {},
    ),
    (
        r"\b(?:tái khẳng định|khẳng định lại|nhắc lại)(?: [^.;:,]{0,40}?)?(?: cam kết| quyết tâm)(?: sẽ| "
        r"tiếp tục| về việc| về| trong việc| mạnh mẽ)?\b",
        Modality.COMMITTED,
        Takes.DEED,
        {"kind": MentionKind.REAFFIRMED},
    ),
    (
        r"\btái khẳng định\b(?= (?:lập trường|nguyên tắc|việc|tiếp tục|sẽ|ủng hộ))",
        Modality.AFFIRMED,
        Takes.DEED,
        {"kind": MentionKind.REAFFIRMED},
    ),
    (
        r"\b(?:cam kết|hứa|quyết tâm)(?: sẽ| tiếp tục| về việc| trong việc| mạnh mẽ| cùng)?\b",
        Modality.COMMITTED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:khẳng định|tuyên bố|nêu rõ)(?: rằng)?(?= (?:sẽ )?(?:tiếp tục|sẽ|không ngừng)\b)",
        Modality.AFFIRMED,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:tuyên bố|công bố|thông báo)(?: sẽ)?(?= (?:viện trợ|hỗ trợ|cung cấp|dành|tặng|trao tặng|"
        r"cấp|tài trợ|tăng|mở|miễn|xóa|quyết định)\b)",
        Modality.VOWED,
        Takes.DEED,
        {},
    ),
    (
        rf"\b(?:{_SAY} )?(?:luôn |mong muốn và |hoàn toàn |sẽ )?sẵn sàng\b",
        Modality.STANDS_READY,
        Takes.DEED,
        {},
    ),
    (
        r"\b(?:giao|chỉ đạo|yêu cầu) (?:cho )?(?=(?:các )?(?:bộ|cơ quan|ngành|ủy ban|uỷ ban|nhóm))",
        Modality.AGREED,
        Takes.REQUEST,
        {"is_joint": True},
    ),
    (r"\bkêu gọi\b", Modality.CALLED_ON, Takes.REQUEST, {}),
    (r"\b(?:yêu cầu)\b", Modality.REQUESTED, Takes.REQUEST, {}),
    (
        r"\b(?:đề nghị|đề xuất|kiến nghị|gợi ý)\b(?! (?:này|trên|của|đó|nêu|trong|tại))",
        Modality.SUGGESTED,
        Takes.REQUEST,
        {},
    ),
    (r"\b(?:mong muốn|mong rằng|mong|hy vọng|bày tỏ mong muốn)\b", Modality.HOPED, Takes.REQUEST, {}),
    (
        r"\b(?:nhấn mạnh|khẳng định|ghi nhận|coi trọng)(?: về)? (?:tầm quan trọng|sự cần thiết|vai trò|ý "
        r"nghĩa)\b",
        Modality.AFFIRMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.REAFFIRMED},
    ),
    (
        r"\b(?:hoan nghênh|đánh giá cao|ghi nhận|vui mừng(?: nhận thấy| trước| về)?|hài lòng|bày tỏ vui "
        r"mừng|cảm ơn)\b",
        Modality.WELCOMED,
        Takes.DEED,
        {"is_report": True, "kind": MentionKind.PROGRESS},
    ),
    (
        r"\b(?:đã được|đã|vừa) (?:hoàn thành|hoàn tất|ký kết|ký|phê chuẩn|khánh thành|khai trương|đưa "
        r"vào (?:vận hành|hoạt động|khai thác)|thành lập|triển khai|bàn giao)\b",
        Modality.WELCOMED,
        Takes.SELF,
        {"is_report": True, "kind": MentionKind.PROGRESS, "is_weak": True},
    ),
    (r"\bsẽ\b", Modality.WILL, Takes.SELF, {}),
)

VIETNAMESE = Language(
    code="vi",
    cues=tuple(Cue(compiled(pattern), modality, takes, **more) for pattern, modality, takes, more in CUES),
    joint=compiled(
        r"\b(?:hai bên|cả hai bên|các bên|mỗi bên|hai nước|các nước|hai quốc gia|hai chính phủ|hai nhà "
        r"lãnh đạo|các nhà lãnh đạo|hai thủ tướng|hai chủ tịch|hai tổng bí thư|hai tổng thống|hai (?:phó "
        r")?(?:bộ|thứ) trưởng|hai bộ|hai đoàn|hai đảng|hai quốc hội|hai lãnh đạo|hai ngoại trưởng|hai "
        r"đồng chủ tịch"
        r"|ba bên|ba nước|ba bộ trưởng|ba thủ tướng|bốn bên|cả hai|lẫn nhau|ủy ban hỗn hợp|uỷ ban hỗn "
        r"hợp|kỳ họp|cuộc họp|hội nghị|hai cơ quan|hai đại biểu|các đại biểu|hai vị|các bộ trưởng|nhau|"
        r"hai địa phương|hai đồng chí|chúng tôi)\b"
    ),
    same=compiled(
        r"\b(?:ông|bà|thủ tướng|chủ tịch nước|bộ trưởng|phó thủ tướng|đại sứ|tổng bí thư|tổng thống|chủ "
        r"tịch quốc hội|chủ tịch|ngoại trưởng|quốc vương|nhà vua)\b"
    ),
    roles=frozenset(
        """
        phía bên hai ba các mỗi cả nước chính phủ bộ trưởng thủ tướng phó chủ tịch quốc hội tổng bí thư
        thống đại sứ quán ngoại giao quốc phòng công an thương tài chính giáo dục và đào tạo văn hóa hoá thể
        thao du lịch nông nghiệp môi trường giao thông vận tải kế hoạch đầu tư khoa học nghệ y tế tư pháp
        nội vụ xây dựng năng lượng lao động ủy uỷ ban ngân hàng nhà cơ quan chức hữu quan liên lãnh đạo đoàn
        biểu quốc vương vua cộng hòa dân chủ nhân xã hội nghĩa của đã cũng sẽ ông bà đồng chí ngài hoàng gia
        vương cao cấp đảng kinh tế mặt thay
        """.split()
    ),
    modal=compiled(r"\b(?:sẽ|cần|phải|nên|tiếp tục|sớm|cam kết)\b"),
    accomplished=compiled(r"\b(?:đã|vừa|đang|luôn|không ngừng|ngày càng|đạt|là|có ý nghĩa)\b"),
    refusals=tuple(
        compiled(each)
        for each in (
            r"\b(?:không|chưa|chẳng|nếu|liệu|khi|trước khi|từng|theo|như|thỏa thuận đã|những|các|việc|"
            r"văn bản|biên bản|một bản|được|mặt trận|sự|tinh thần|nội dung|hiệp định|mang tính|một số|"
            r"nhiều|cơ sở|kết quả|thực hiện|triển khai|đất nước|có thể|ký|lời|giữ đúng|khối|trận|nền|"
            r"lòng|cuộc) ?$",
        )
    ),
    visit=compiled(
        r"^\W*(?:trong|nhân|trong khuôn khổ) (?:thời gian )?(?:chuyến thăm|dịp này ở thăm|ở thăm|thời "
        r"gian ở|thăm)\b"
    ),
    programme=compiled(r"\b(?:duyệt đội danh dự|quốc thiều|chương trình chuyến thăm|quốc ca|lễ tân)\b"),
    help=compiled(
        r"\b(?:cung cấp|viện trợ|hỗ trợ|giúp|tài trợ|học bổng|đào tạo|ủng hộ|hai nước|hai bên|song "
        r"phương|tạo điều kiện|tạo thuận lợi|cử|gửi|thị thực)\b"
    ),
    by_year=compiled(r"\b(?:đến|trước|tới|từ) (?:cuối |hết )?năm (?P<year>(?:19|20)\d\d)\b"),
    we=compiled(r"\b(?:chúng ta|chúng tôi|tôi)\s+(?:\w+\s+){0,3}$"),
    old=compiled(r"\b(?:năm|ngày \d{1,2}[/-]\d{1,2}[/-]|tháng \d{1,2}[/-]) ?(?P<year>1\d\d\d|20\d\d)\b"),
    perfect=compiled(r"\btrước đó đã ?$"),
    domestic=compiled(r"\b(?:bầu cử|cử tri|liên minh cầm quyền|lãi suất|tranh cử)\b"),
    joint_verb=compiled(r"(?:đã |cũng |cùng )*(?:nhất trí|thống nhất|đồng thuận|thỏa thuận|thoả thuận)"),
    determiner=compiled(r"\b(?:các|những|một|của|theo|về|lời|mọi) ?$"),
    past=compiled(
        r"^\W*(?:vào |từ |ngay từ |trong |sau |cho đến )?(?:những )?(?:đầu |cuối |giữa |mùa \w+ )?năm "
        r"(?P<year>1[89]\d\d|20\d\d)\b|\b(?:trước đây|trước đó|năm ngoái|thế kỷ|thập niên|thập kỷ|năm "
        r"chiến tranh|thời kỳ chiến tranh|năm trước|năm xưa|ngày xưa|cách đây|sau ngày|khi đó|hồi đó|kháng chiến|trong "
        r"quá khứ)\b"
    ),
    speech=compiled(
        r"\b(?:kính thưa|thưa quý vị|thưa các|xin trân trọng|tôi (?:xin|tin|rất|vui mừng|mong|nhớ|cảm ơn|"
        r"muốn|hy vọng)|xin chúc|xin mời|xin cảm ơn|nâng cốc|chúng ta hãy)\b"
    ),
    not_deeds=compiled(
        r"^(?:trao đổi (?:về|các biện pháp|ý kiến|một số)|thảo luận|bàn|mãi mãi|luôn luôn|luôn là)\b|"
        r"^(?:sớm |luôn |tiếp tục |cùng |cũng |ngày càng |mãi mãi |mãi |không ngừng )*(?:trở thành|đạt|"
        r"là|có|được|diễn ra|thăm|sang thăm|dự|tham dự|đến|tới|gặp|hội kiến|tiếp|đón|phát biểu|vượt|"
        r"thành công|phát triển(?= (?:mạnh|hơn|tốt|lên|nhanh|bền|ngày))|mang lại|giúp|góp phần|tạo (?:ra|"
        r"động lực|cơ hội|đà)|bước sang|vượt qua|nhớ|ghi nhớ|còn|gặt hái|đi vào|hưởng|kéo dài|thay|kết "
        r"thúc|bắt đầu|tăng trưởng|chứng kiến|đánh dấu|chủ trì|khắc ghi|trân trọng|tin tưởng|thấy|nhìn|"
        r"hội đàm|dâng|lên đường|rời|ở|mất|cần|lớn mạnh|giành)\b"
    ),
    deeds=compiled(rf"^{_VERB}"),
    breaks=compiled(
        rf"(?:\s*;\s*(?:và |đồng thời |cũng như )?|\s*,\s*(?:và |đồng thời |cũng như |trong đó |qua đó "
        rf"(?!)|cùng với đó )?| (?:và|đồng thời|cũng như) )(?:còn )?(?!(?:hoàn thành|khởi động|bắt đầu|"
        rf"kết thúc) (?:trong|trước|vào|giải ngân))(?P<verb>(?:phía \w+(?: \w+)? )?{_VERB})"
    ),
    heading=compiled(
        r"^\W*(?:[\divx]+[.)] )?(?:các |những )?(?:nội dung (?:đã )?thống nhất|cam kết|kết luận|nhiệm vụ|"
        r"việc cần làm|thỏa thuận đạt được|kết quả thống nhất|công việc tiếp theo|các điểm thống "
        r"nhất)\W*$"
    ),
    completed=compiled(
        r"\b(?:hoàn thành|hoàn tất|ký kết|đã ký|khánh thành|khai trương|tổ chức thành công|phê chuẩn|có "
        r"hiệu lực|đưa vào (?:vận hành|khai thác|hoạt động)|bàn giao|việc ký)\b"
    ),
    fronted=compiled(
        r"\W*(?:trên tinh thần đó|trên cơ sở đó|theo đó|bên cạnh đó|ngoài ra|đồng thời|nhân dịp này|cũng "
        r"tại cuộc (?:gặp|hội đàm)|tại cuộc (?:gặp|hội đàm|họp)|về phần mình|vì vậy|do đó|trong (?:bối "
        r"cảnh|tinh thần) đó|để [^,]{3,160}|nhằm [^,]{3,160}|về [^,]{3,80}|trong lĩnh vực [^,]{3,80}|"
        r"trước [^,]{3,40}|trong năm \d{4}|đến năm \d{4}), "
    ),
    ignored_end=compiled(
        r",? (?:ông|bà|thủ tướng|bộ trưởng|chủ tịch) (?:nói|cho biết|nhấn mạnh|khẳng định)\s*$"
    ),
    clause_break=compiled(
        r";\s*(?:và |đồng thời |còn )?|[,.]\s*(?:đồng thời|còn|trong khi|nhưng)\s+|[\"']\s+|\brằng "
    ),
    joint_before_cue=compiled(r"\s*(?:[;,]\s*(?:và |đồng thời |còn |nhưng )?|\b(?:và|đồng thời|còn)\s)"),
    said=compiled(
        r"\b(?:khẳng định|nhấn mạnh|cho biết|cho hay|tuyên bố|thông báo|nêu rõ|bày tỏ|nói|rằng|nhất trí|"
        r"thống nhất|cam kết|đồng ý) (?:rằng )?"
    ),
    confident=compiled(r"\b(?:tin tưởng|tin rằng|tin chắc|hy vọng|chúc|dự báo|dự kiến|kỳ vọng|mong)\b"),
    passive=compiled(
        r"^(?:sớm |cùng |tiếp tục )?(?:được (?:tổ chức|thành lập|ký|triển khai|thực hiện|hoàn thành|mở|"
        r"khởi công|tiến hành|trao đổi|nâng|xây dựng|khánh thành)|diễn ra|họp)\b"
    ),
    protocol=compiled(r"\b(?:quốc yến|lễ đón|lễ|chiêu đãi|họp báo|chuyến thăm|hội đàm|tranh chấp)\b"),
    decision=compiled(r"(?:quyết định|kết luận|thống nhất|cam kết|nhiệm vụ|việc cần làm)\s*: "),
    declaration=compiled(r"\btuyên bố chung|thông cáo chung|chúng tôi, "),
    outsiders=compiled(
        r"\b(?:công ty|doanh nghiệp|tập đoàn|(?<!nhóm\s)chuyên gia|nhà phân tích|giới quan sát|người dân|"
        r"nông dân|hãng|bị cáo|luật sư|thương lái|chủ hàng|họa sĩ|nghệ sĩ|cầu thủ|huấn luyện viên|"
        r"nhà thầu|giáo sư|học giả|nhà nghiên cứu|ban tổ chức|hiệp hội|hiệu trưởng|trường đại học|"
        r"bộ, ngành, (?:các )?địa phương(?! (?:liên quan )?(?:của )?(?:hai|mỗi|cả)))\b"
    ),
    item_subject=compiled(
        r"(?:\s+sẽ\s+|\s*:\s+| - |\s+(?=(?:cung cấp|bố trí|sẽ|hỗ trợ|tiếp tục|cử|gửi|tổ chức|hoàn thành|"
        r"chủ trì|xây dựng|thông báo|bảo đảm|đầu tư|cấp|tạo|mở|tiếp nhận|nghiên cứu|xem xét|chuẩn bị|"
        r"đăng cai|đào tạo|dành|giúp)\b))"
    ),
    after_addressee=compiled(r"\b(?:sẽ|tiếp tục|cần|sớm|tích cực|quan tâm|" + DEEDS[3:-1] + r")\b"),
    least_words=3,
    cooperation=compiled(
        r"\b(?:hợp tác|quan hệ|thỏa thuận|thoả thuận|hiệp định|triển khai|thực hiện|cơ chế|dự án|kim "
        r"ngạch|phối hợp|cửa khẩu|biên giới)\b"
    ),
    other_side=compiled(r"\s*(?:phía bạn|nước bạn|bạn|phía đối tác|ông|bà|ngài)\b"),
    general=compiled(
        r"\s*(?:(?:với|về|một|số|nhiều|các|những|một loạt|trên|định hướng) )*(?:phương hướng|biện pháp|"
        r"nội dung|định hướng|vấn đề|đề xuất|giải pháp|lĩnh vực|ý kiến|đánh giá)\b"
    ),
    including=compiled(r"[,:]?\s*(?:trong đó có|trong đó|bao gồm|gồm|như|cụ thể là|cụ thể|đó là)\s+|:\s+"),
    stranger=compiled(r"\s*(?:cộng đồng quốc tế|các nước khác|tòa án)\b"),
    courtesy=compiled(
        r"\b(?:chuyển|gửi) (?:\w+ ){0,3}?(?:lời (?:thăm|chúc|mời|chào)|lời hỏi)|\bsớm (?:sang )?thăm\b"
    ),
    adverbs=frozenset("cũng đã đồng thời và cùng tiếp tục sẽ đều ông bà".split()),
    agent=compiled(r"\b(?:do|bởi) (?:phía )?"),
    clause=compiled(
        r"(?:cho rằng|đánh giá|nhận định|nhận thấy|coi|với (?:nhận định|đánh giá)|hai bên|hai nước|các "
        r"bên|phía|quan hệ|hợp tác giữa)"
    ),
)
