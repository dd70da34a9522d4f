"""Invented report texts around published figures: right ones, and wrong ones with what is wrong."""

from __future__ import annotations

RIGHT: dict[str, str] = {
    "totals of one section": """\
# Báo cáo tài chính năm 2019

- Hội phí của thư viện công cộng: 62.000.000 đồng
- Hội phí của các chi hội: 38 triệu 250 ngàn đồng
- Tiền quảng cáo: 10.000.000 đồng

Tổng cộng: 110.250.000 đồng
""",
    "subtotal and grand total": """\
Hội phí: các thư viện tỉnh nộp 62 triệu đồng; các chi hội nộp 38 triệu 250 ngàn đồng.
Cộng hội phí: 100 triệu 250 ngàn đồng.
Quảng cáo được 10.000.000 đồng.
Tổng cộng số tiền thu được là: 110 triệu 250 ngàn đồng.
""",
    "rate times count": """\
Trang tin đã đăng 50 bài, nếu mỗi bài 200.000 đồng, thì đã là 10 triệu đồng.
""",
    "multiplication sign": "Biên tập 50 bài × 200.000 đồng = 10 triệu đồng.",
    "two grants of one year": """\
Năm 2019, Liên hiệp hội hỗ trợ 55 triệu đồng, Quỹ hỗ trợ 56 triệu đồng. Tổng cộng là 111 triệu đồng chẵn.
""",
    "a monthly mean": """\
Trong 8 tháng đầu năm 2020, các đơn vị tải về 385.137 bài, bình quân gần 48 nghìn bài mỗi tháng.
""",
    "units that paid the same": """\
Hội phí năm 2019: 62/63 đơn vị đã nộp, được 62.000.000 đồng (đạt 98,41 %).
""",
    "a percentage of a plan": """\
Thu hội phí được 101 triệu 250 ngàn đồng, đạt 98 % kế hoạch năm.
""",
    "a percentage of a stated plan": """\
Kế hoạch thu 64.000.000 đồng. Đã thu 62.000.000 đồng (đạt 96,9 %).
""",
    "shares of a total": """\
- Hội phí: 63.000.000 đồng (63 %)
- Quảng cáo: 37.000.000 đồng (37 %)
- Tổng cộng: 100.000.000 đồng
""",
    "libraries by kind": """\
Cả nước có 20.771 thư viện công cộng, gồm: 1 thư viện quốc gia, 63 thư viện cấp tỉnh, 663 thư viện cấp huyện,
3.257 thư viện cấp xã, 16.727 tủ sách và 60 thư viện tư nhân có phục vụ cộng đồng.
""",
    "a table of libraries": """\
| Loại thư viện | Số lượng |
|---|---|
| Thư viện quốc gia | 1 |
| Thư viện tỉnh | 63 |
| Thư viện huyện | 663 |
| Thư viện xã | 3.257 |
| Tủ sách | 16.727 |
| Thư viện tư nhân | 60 |
| Tổng số | 20.771 |
""",
    "a table with its total on top": """\
| Loại thư viện | 2016 | 2017 |
|---|---|---|
| Tổng số | 1.000 | 1.010 |
| Cấp tỉnh | 63 | 63 |
| Cấp huyện | 663 | 660 |
| Cấp xã | 274 | 287 |
""",
    "a table with parts and subtotals": """\
| STT | Nội dung | Số tiền (đồng) |
|---|---|---|
| I | Thu hội phí | 100.250.000 |
| 1 | Thư viện công cộng | 62.000.000 |
| 2 | Chi hội | 38.250.000 |
| II | Quảng cáo | 10.000.000 |
| | Tổng cộng | 110.250.000 |
""",
    "of which only some": """\
Hiện có 338 chi hội, trong đó có 63 chi hội thư viện công cộng. Trong năm kết nạp 3 chi hội với 89 hội viên.
""",
    "people and libraries": """\
Lớp tập huấn có 116 học viên đến từ 53 thư viện, trong đó có 70 học viên nữ.
""",
    "dates, laws and ranges are no figures": """\
Ngày 16-17/6, tại Lào Cai, 13 thư viện họp theo Quyết định số 206/QĐ-TTg ngày 11/02/2021 và Luật số 46/2019/QH14.
Năm 2020 dự kiến kết nạp từ 100-150 hội viên, thành lập từ 2 đến 3 chi hội. Hạn nộp: 01/9/2026.
""",
    "a donation over its bound": """\
Các đơn vị trao tặng hơn 700 bản sách, gồm: Vụ Thư viện 200 bản, Thư viện Quốc gia 212 bản, 13 thư viện tỉnh 300 bản.
""",
    "a term and its years": """\
Hội nghị tổng kết nhiệm kỳ 2018 – 2020. Trong 3 năm 2018-2020, Liên hiệp đã tổ chức 6 hội thảo.
Phương hướng nhiệm kỳ 2020-2022.
""",
    "the middle of a term": """\
Sơ kết giữa nhiệm kỳ 2022-2024: trong 2 năm 2022-2023 có 13 thư viện tham gia.
""",
    "two years, one total of two years": """\
Quỹ tài trợ 56 triệu đồng cho 2 năm (2019+2020), cơ quan bảo trợ cấp 44 triệu đồng cho 2 năm (2019+2020).
Tổng cộng hai năm 2019-2020: 100 triệu đồng.
""",
    "an amount in words": """\
Số tiền phải nộp: 101.250.000 đồng (bằng chữ: Một trăm linh một triệu hai trăm năm mươi ngàn đồng chẵn).
""",
    "income and spending": """\
Thu trong năm: hội phí 60 triệu đồng, tài trợ 40 triệu đồng, tổng thu 100 triệu đồng.
Chi trong năm: hội nghị 30 triệu đồng, tập huấn 50 triệu đồng, tổng chi 80 triệu đồng.
Tồn quỹ: 20 triệu đồng.
""",
    "a total of something else": """\
Hội tổ chức 2 lớp tập huấn, mỗi lớp 25 triệu đồng. Mỗi học viên đóng 500.000 đồng.
Tổng kinh phí hoạt động của Hội trong năm là 300 triệu đồng.
""",
    "rounded millions": """\
Thu hội phí 1,25 tỷ đồng và tài trợ 0,83 tỷ đồng; tổng cộng khoảng 2,1 tỷ đồng.
""",
    "slow growth": """\
| Chỉ tiêu | Năm 2016 | Năm 2017 |
|---|---|---|
| Sách (bản) | 38.000.000 | 39.810.824 |
| Thẻ bạn đọc | 470.000 | 481.118 |
""",
    "English dues": """\
# Annual report 2019

In 2019, 62 of 63 units paid dues, VND 62,000,000. Chapters paid VND 38,250,000.
Advertising brought VND 10 million.

In total, VND 110,250,000 was received.
""",
    "English list": """\
Income in 2024:
- Membership fees: $12,000
- Grants: $30,500.50
- Advertising: $1,499.50
Total: $44,000
""",
    "English breakdown": """\
The 116 trainees, of whom 70 were women, came from 53 libraries. The consortium has 40 libraries, comprising 25
university libraries and 15 public libraries.
""",
    "English table with row totals": """\
| Library | Print | Electronic | Total |
|---|---|---|---|
| A | 1,200 | 300 | 1,500 |
| B | 800 | 200 | 1,000 |
| Total | 2,000 | 500 | 2,500 |
""",
    "English price list": """\
| Item | Quantity | Unit price | Amount |
|---|---|---|---|
| Journals | 10 | $120.00 | $1,200.00 |
| Databases | 2 | $500.00 | $1,000.00 |
| Total | | | $2,200.00 |
""",
    "wrapped lines": """\
Trong năm 2019, các thư viện công cộng đã nộp hội phí được 62 triệu đồng và các
chi hội đã nộp 38 triệu 250 ngàn
đồng. Như vậy, tổng cộng hội phí thu được trong năm là 100 triệu 250
ngàn đồng.
""",
}
"""Texts in which everything fits: no error and no warning may be found in them."""

S1 = """\
BÁO CÁO TỔNG KẾT NĂM 2019

5. Công tác tài chính

5.1. Thu hội phí và quảng cáo
- Thư viện công cộng: có 62/63 đơn vị trong hệ thống nộp hội phí, được 63 triệu đồng;
- Các chi hội khác nộp hội phí (2019) là 38 triệu 250 ngàn đồng.
Tổng cộng hội phí: 101 triệu 250 ngàn đồng (đạt tỷ lệ hơn 98 %).
- Quảng cáo: của 02 doanh nghiệp, được 10.000.000 đồng.
Tổng cộng số tiền thu được là: 101 triệu 250 ngàn đồng.

5.2. Hỗ trợ
Liên hiệp hội hỗ trợ mở 02 lớp tập huấn, tổng kinh phí là 55 triệu đồng.
Quỹ tài trợ kinh phí là 56 triệu đồng cho 2 năm (2019+2020).
Tổng cộng năm 2019 được hỗ trợ 111 triệu đồng chẵn.
"""

WRONG: dict[str, tuple[str, str, int, int | None, int | None]] = {
    # name: text, code, line, stated, computed
    "F1 an omitted line": (S1, "SUM_MISMATCH", 10, 101_250_000, 111_250_000),
    "F2 a rate nobody can pay": (S1, "UNIT_RATE_NOT_INTEGRAL", 6, 63_000_000, 62_000_000),
    "F3 a percentage of units beside money": (S1, "RATIO_BASIS_UNCLEAR", 8, 98, None),
    "F4 money of two years": (S1, "PERIOD_MIX", 15, 111_000_000, 83_000_000),
    "F5 totals nearly alike": (S1, "NEAR_DUPLICATE_TOTALS", 15, 111_000_000, 111_250_000),
    "F6 no grand total": (S1, "MISSING_GRAND_TOTAL", 15, None, 222_250_000),
    "F9 years of another term": (
        "Hội nghị tổng kết nhiệm kỳ 2018 – 2019.\n\nTrong 2 năm 2019-2020, Liên hiệp đã đổi mới hoạt động."
        " Đã bầu Ban Chấp hành nhiệm kỳ 2020-2022.\n",
        "TERM_MISMATCH",
        3,
        None,
        None,
    ),
    "F12 libraries in a sentence": (
        "Tổng số có 20.768 thư viện công cộng, trong đó: 1 thư viện quốc gia, 63 thư viện tỉnh, 663 thư viện huyện,"
        " 3.257 thư viện xã, 16.727 tủ sách, 60 thư viện tư nhân.",
        "SUM_MISMATCH",
        1,
        20_768,
        20_771,
    ),
    "F12 libraries in a table": (
        RIGHT["a table of libraries"].replace("20.771", "20.768"),
        "SUM_MISMATCH",
        9,
        20_768,
        20_771,
    ),
    "F13 copies and titles": (
        "Bổ sung được 840.638 (805.307 bản sách và 35.331 tên sách).",
        "UNIT_MIX",
        1,
        840_638,
        None,
    ),
    "F13 copies and titles in a table": (
        "| Bổ sung | Số lượng |\n|---|---|\n| Sách (bản) | 798.817 |\n| Báo (tên) | 35.331 |\n| Tổng số | 834.148 |\n",
        "UNIT_MIX",
        5,
        834_148,
        None,
    ),
    "F14 a jump in a table": (
        "| Thư viện | 2016 | 2017 |\n|---|---|---|\n| Thư viện Quốc gia (bản) | 2.563.000 | 1.657.776 |\n",
        "YEAR_JUMP",
        3,
        1_657_776,
        2_563_000,
    ),
    "F14 a jump in a sentence": (
        "Thư viện Quốc gia có 2.563.000 bản năm 2016 và 1.657.776 bản năm 2017.",
        "YEAR_JUMP",
        1,
        1_657_776,
        2_563_000,
    ),
    "a line counted twice": (
        "- Hội phí: 60.000.000 đ\n- Quảng cáo: 10.000.000 đ\n- Tài trợ: 20.000.000 đ\nCộng: 100.000.000 đ\n",
        "SUM_MISMATCH",
        4,
        100_000_000,
        90_000_000,
    ),
    "a zero too few": (
        "- Hội phí: 60.000.000 VNĐ\n- Tài trợ: 40.000.000 VNĐ\nTổng cộng: 10.000.000 VNĐ\n",
        "SUM_MISMATCH",
        3,
        10_000_000,
        100_000_000,
    ),
    "two digits swapped": (
        "- Hội phí: 61.000.000 đồng\n- Tài trợ: 38.250.000 đồng\nTổng thu: 92.950.000 đồng\n",
        "SUM_MISMATCH",
        3,
        92_950_000,
        99_250_000,
    ),
    "a wrong subtotal in a table": (
        RIGHT["a table with parts and subtotals"].replace("100.250.000", "101.250.000"),
        "SUM_MISMATCH",
        3,
        101_250_000,
        100_250_000,
    ),
    "a wrong grand total in a table": (
        RIGHT["a table with parts and subtotals"].replace("110.250.000", "100.250.000"),
        "SUM_MISMATCH",
        7,
        100_250_000,
        110_250_000,
    ),
    "a donation below its bound": (
        "Các đơn vị trao tặng hơn 700 bản sách, gồm: Vụ Thư viện 200 bản, Thư viện Quốc gia 190 bản,"
        " 13 thư viện tỉnh 300 bản.",
        "BELOW_STATED_BOUND",
        1,
        700,
        690,
    ),
    "more than the whole": (
        "Lớp có 116 học viên, trong đó có 70 học viên nữ và 56 học viên nam.",
        "SUM_MISMATCH",
        1,
        116,
        126,
    ),
    "a wrong product": (
        "Trang tin đã đăng 50 bài, mỗi bài 200.000 đồng, thành tiền là 12 triệu đồng.",
        "PRODUCT_MISMATCH",
        1,
        12_000_000,
        10_000_000,
    ),
    "words that differ from digits": (
        "Số tiền: 101.250.000 đồng (bằng chữ: Một trăm mười triệu hai trăm năm mươi nghìn đồng).",
        "WORDS_MISMATCH",
        1,
        101_250_000,
        110_250_000,
    ),
    "a percentage that is wrong": (
        "Có 62/63 đơn vị đã nộp (đạt 95 %).",
        "RATIO_MISMATCH",
        1,
        95,
        None,
    ),
    "English omitted line": (
        "Income 2019\n\n- Dues: VND 101,250,000\n- Advertising: VND 10,000,000\n- Sponsorship: VND 55,000,000\n\n"
        "Grand total: VND 156,250,000\n",
        "SUM_MISMATCH",
        7,
        156_250_000,
        166_250_000,
    ),
    "English rate": (
        "In 2024, 30 of 32 libraries paid their dues, $64,000 altogether.",
        "UNIT_RATE_NOT_INTEGRAL",
        1,
        64_000,
        60_000,
    ),
    "English two-year grant": (
        "# Report 2019\n\nThe union granted VND 55 million. A foundation granted VND 56 million for two years"
        " (2019 and 2020).\n\nIn total, the support of 2019 was VND 111 million.\n",
        "PERIOD_MIX",
        5,
        111_000_000,
        83_000_000,
    ),
    "English row total": (
        RIGHT["English table with row totals"].replace(
            "| 800 | 200 | 1,000 |", "| 800 | 200 | 1,100 |"
        ),
        "SUM_MISMATCH",
        4,
        1_100,
        1_000,
    ),
    "English percentage beside money": (
        "Of 63 units, 62 of 63 units paid. Dues and fees came to VND 101,250,000 (over 98%).",
        "RATIO_BASIS_UNCLEAR",
        1,
        98,
        None,
    ),
    "English term": (
        "Review of the term 2018-2019. Results of the two years 2019-2020 follow.",
        "TERM_MISMATCH",
        1,
        None,
        None,
    ),
}
"""Texts with one thing wrong (the first has six), and the finding that must tell it."""
