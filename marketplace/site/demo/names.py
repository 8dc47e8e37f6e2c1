"""Invented names: none of these universities and companies exists."""

import random
from collections.abc import Iterator

from stdnum.cn import uscc

# Poetic place words with their romanisation; combined with a type they name no real school.
SCHOOL_WORDS: tuple[tuple[str, str], ...] = (
    ("岭澜", "Linglan"),
    ("珠溪", "Zhuxi"),
    ("琶湾", "Pawan"),
    ("南澄", "Nancheng"),
    ("粤岚", "Yuelan"),
    ("云麓", "Yunlu"),
    ("越秀川", "Yuexiuchuan"),
    ("白鹭洲", "Bailuzhou"),
    ("木棉", "Mumian"),
    ("荔湾溪", "Liwanxi"),
    ("鹏汀", "Pengting"),
    ("前屿", "Qianyu"),
    ("伶仃", "Lingding"),
    ("横琴岬", "Hengqinjia"),
    ("香洲渡", "Xiangzhoudu"),
    ("斗门汐", "Doumenxi"),
    ("禅溪", "Chanxi"),
    ("顺水", "Shunshui"),
    ("西樵岭", "Xiqiaoling"),
    ("罗浮麓", "Luofulu"),
    ("鹅岭", "Eling"),
    ("松湖", "Songhu"),
    ("莞香", "Guanxiang"),
    ("虎门津", "Humenjin"),
    ("岐江", "Qijiang"),
    ("五桂", "Wugui"),
    ("蓬江", "Pengjiang"),
    ("开碉", "Kaidiao"),
    ("星湖", "Xinghu"),
    ("鼎湖麓", "Dinghulu"),
    ("狮峰", "Shifeng"),
    ("维港", "Weigang"),
    ("莲峰", "Lianfeng"),
    ("燕麓", "Yanlu"),
    ("申浦", "Shenpu"),
    ("楚汀", "Chuting"),
    ("麓山屏", "Lushanping"),
    ("秦岚", "Qinlan"),
    ("锦浣", "Jinhuan"),
    ("钟麓", "Zhonglu"),
    ("钱湄", "Qianmei"),
    ("庐津", "Lujin"),
    ("海沽", "Haigu"),
    ("邕澜", "Yonglan"),
    ("北辰岭", "Beichenling"),
    ("青屿", "Qingyu"),
    ("望洋", "Wangyang"),
    ("飞云渡", "Feiyundu"),
    ("沧溟", "Cangming"),
    ("丹霞麓", "Danxialu"),
    ("曲流", "Quliu"),
    ("翠亨湾", "Cuihengwan"),
    ("银瓶", "Yinping"),
    ("象岗", "Xianggangshan"),
    ("东澳", "Dongao"),
    ("红树", "Hongshu"),
    ("梅岭关", "Meilingguan"),
    ("榕江", "Rongjiang"),
    ("凤栖", "Fengqi"),
    ("玉兰汀", "Yulanting"),
)

SCHOOL_TYPES: tuple[tuple[str, str], ...] = (
    ("理工大学", "{} University of Technology"),
    ("科技大学", "{} University of Science and Technology"),
    ("大学", "{} University"),
    ("医科大学", "{} Medical University"),
    ("农业大学", "{} Agricultural University"),
    ("工业大学", "{} Polytechnic University"),
    ("海洋大学", "{} Ocean University"),
    ("航空学院", "{} Institute of Aeronautics"),
    ("信息工程学院", "{} Institute of Information Engineering"),
    ("职业技术大学", "{} Vocational University"),
)

# fmt: off
COMPANY_WORDS = (
    "粤储", "惠能", "广翼", "惠芯", "禅循", "穗康", "鹏锐", "湾创", "澜图", "越川",
    "汇岭", "莞精", "珠润", "顺捷", "岐光", "星河湾", "海沽安", "云栖岭", "拓屿", "凌帆",
    "恒麓", "启汀", "明溪", "盛屿", "卓湄", "远洲", "瑞津", "聚澜", "信岚", "华汀",
    "百溪", "致屿", "诺岭", "晟川", "博湾", "天湄", "金麓", "佳津", "力澜", "正汐",
    "合岚", "康汀", "立溪", "安屿", "升岭", "进川", "同湾", "达湄", "新麓", "荣津",
)
# fmt: on

COMPANY_TRADES: tuple[tuple[str, str], ...] = (
    ("新能源", "New Energy"),
    ("智能装备", "Intelligent Equipment"),
    ("生物医药", "Biopharma"),
    ("环保科技", "Environmental"),
    ("新材料", "Materials"),
    ("半导体", "Semiconductor"),
    ("食品科技", "Foods"),
    ("医疗器械", "Medical Devices"),
    ("农业科技", "Agritech"),
    ("软件", "Software"),
    ("机器人", "Robotics"),
    ("精密制造", "Precision"),
)

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def universities() -> Iterator[tuple[str, str]]:
    """Six hundred pairs of a Chinese and an English name, always in the same order."""
    for type_zh, pattern in SCHOOL_TYPES:
        for word_zh, word_en in SCHOOL_WORDS:
            yield f"{word_zh}{type_zh}", pattern.format(word_en)


def companies(chance: random.Random, cities: list[str]) -> Iterator[tuple[str, str, str]]:
    """Endless (Chinese name, English trade name, Chinese city name), no name twice."""
    seen: set[str] = set()
    while True:
        word, trade = chance.choice(COMPANY_WORDS), chance.choice(COMPANY_TRADES)
        city = chance.choice(cities)
        name = f"{word}{trade[0]}（{city}）有限公司"
        if name not in seen:
            seen.add(name)
            yield name, trade[1], city


def credit_code(number: int, *, is_company: bool) -> str:
    """A unified social credit code with a right checksum that was never issued.

    The part for the organisation starts with DEM and counts in the code's own alphabet.
    """
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 31)
        digits = _CODE_ALPHABET[digit] + digits
    stem = f"{'91' if is_company else '12'}440000DEM{digits}"
    return stem + str(uscc.calc_check_digit(stem))
