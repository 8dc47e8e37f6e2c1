"""The demo's cities: the eleven of the bay area and eleven beyond."""

from marketplace.accounts.models import City

# code, Chinese, English, in the bay area, share of organisations
CITIES: tuple[tuple[str, str, str, bool, int], ...] = (
    ("guangzhou", "广州", "Guangzhou", True, 30),
    ("shenzhen", "深圳", "Shenzhen", True, 18),
    ("zhuhai", "珠海", "Zhuhai", True, 5),
    ("foshan", "佛山", "Foshan", True, 7),
    ("huizhou", "惠州", "Huizhou", True, 4),
    ("dongguan", "东莞", "Dongguan", True, 7),
    ("zhongshan", "中山", "Zhongshan", True, 3),
    ("jiangmen", "江门", "Jiangmen", True, 2),
    ("zhaoqing", "肇庆", "Zhaoqing", True, 2),
    ("hongkong", "香港", "Hong Kong", True, 4),
    ("macao", "澳门", "Macao", True, 1),
    ("beijing", "北京", "Beijing", False, 4),
    ("shanghai", "上海", "Shanghai", False, 4),
    ("wuhan", "武汉", "Wuhan", False, 2),
    ("changsha", "长沙", "Changsha", False, 1),
    ("xian", "西安", "Xi'an", False, 1),
    ("chengdu", "成都", "Chengdu", False, 1),
    ("nanjing", "南京", "Nanjing", False, 1),
    ("hangzhou", "杭州", "Hangzhou", False, 1),
    ("hefei", "合肥", "Hefei", False, 1),
    ("tianjin", "天津", "Tianjin", False, 1),
    ("nanning", "南宁", "Nanning", False, 1),
)


def make_cities() -> dict[str, City]:
    """The cities as rows, by code."""
    rows = [
        City(code=code, name_zh=zh, name_en=en, in_bay_area=in_bay, position=position)
        for position, (code, zh, en, in_bay, _) in enumerate(CITIES)
    ]
    City.objects.bulk_create(rows)
    return {row.code: row for row in rows}


def city_codes_by_share() -> tuple[list[str], list[int]]:
    """Codes and weights for a random draw."""
    return [city[0] for city in CITIES], [city[4] for city in CITIES]
