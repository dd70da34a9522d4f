"""Words of which the invented records are made; places and institutions do not exist."""

from __future__ import annotations

SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Đinh",
)
MIDDLES = (
    "Văn",
    "Thị",
    "Việt",
    "Minh",
    "Thu",
    "Hữu",
    "Ngọc",
    "Quang",
    "Thanh",
    "Đức",
    "Hải",
    "Bích",
)
GIVEN = (
    "Hòa",
    "Thủy",
    "Hóa",
    "Lan",
    "Sơn",
    "Hiền",
    "Khoa",
    "Tuệ",
    "Nghĩa",
    "Oanh",
    "Phượng",
    "Quý",
    "Thúy",
    "Toàn",
    "Yến",
    "Đạt",
)

PLACES = (
    "Bến Sậy",
    "Đồng Mơ",
    "Suối Thung",
    "Cù Lao Lá",
    "Núi Chè",
    "Cồn Gió",
    "Thạch Lũng",
    "Mường Thưa",
    "Hồ Sen Đỏ",
    "Vạn Chài Hòa",
)
METHODS = (
    "Nghiên cứu",
    "Đánh giá",
    "Ứng dụng học máy trong",
    "Giải pháp nâng cao",
    "Thực trạng và giải pháp",
    "Mô hình hóa",
    "Tối ưu hóa",
    "Phân tích",
)
TOPICS = (
    "chất lượng nước mặt",
    "quản lý thư viện số",
    "xâm nhập mặn",
    "năng suất lúa chịu hạn",
    "hoạt động đọc của sinh viên",
    "tiêu thụ năng lượng của tòa nhà",
    "nhận dạng chữ viết tay tiếng Việt",
    "bảo tồn tài liệu Hán Nôm",
    "chuỗi cung ứng thủy sản",
    "xói lở bờ sông",
    "thoát nước đô thị",
    "kỹ năng thông tin của giảng viên",
)
BOOKS = (
    "Giáo trình cơ sở dữ liệu",
    "Nhập môn thư viện học",
    "Giáo trình thủy lực",
    "Xác suất và thống kê ứng dụng",
    "Cơ học kết cấu",
    "Lịch sử văn minh lúa nước",
    "Hóa học môi trường",
    "Kinh tế học vi mô",
    "Tiếng Việt thực hành",
    "Địa chất công trình",
    "Kỹ thuật lập trình",
    "Quản trị nguồn tin điện tử",
)
LOCAL_HISTORY = (
    "Địa chí huyện {place}",
    "Hương ước làng {place}",
    "Lễ hội đình {place}",
    "Nghề đan lát ở {place}",
    "Văn bia chùa {place}",
    "Truyện kể dân gian vùng {place}",
)
JOURNALS = (
    "Tạp chí Khoa học Mẫu",
    "Tạp chí Thư viện và Thông tin Mẫu",
    "Tạp chí Thủy lợi Mẫu",
)
PUBLISHERS = ("Nxb. Bến Sậy", "Nxb. Khoa học Mẫu", "Nxb. Đại học Mẫu")
SUBJECTS = ("Môi trường", "Thư viện số", "Nông nghiệp", "Thủy văn", "Giáo dục", "Văn hóa dân gian")
