"""Names of nobody: given and family names of the region, put together by a fixed draw, and the towns where they work."""

import random

# Per group: given names, family names, languages beside English.
GROUPS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "australasian": (
        "Imogen Callum Freya Lachlan Tamsin Rowan Bronte Hamish Odette Angus Maeve Corbin",
        "Ashdown Thornbury Kestrel Marlowe Penhale Windrush Harcombe Tolliver Brackley Fenwood Larkham Ridgeway",
        (),
    ),
    "pacific": (
        "Sela Tevita Mereani Ratu-Joji Losaline Viliame Alesi Penaia Salote Isikeli Teuila Fetu Lupe Manase",
        "Vakatoro Naluva Taufatau Leiataua Momoivalu Seruvatu Tuimalo Faleasiu Kalowera Baravi Takinoa Lomaloa",
        (),
    ),
    "melanesian": (
        "Delma Wari Ruthie Kila Joycelyn Moses-Tari Annette Haiko Leiwia Samson Rosina Gideon",
        "Karavo Tokabilula Maneloa Virelala Sumbuk Auafala Torowe Nakiseru Bobogare Waekon Lolokai Temaru",
        ("Tok Pisin",),
    ),
    "japanese": (
        "Haruhiko Mizuki Sotaro Chinatsu Yukimasa Kaede Ryosei Fumina Takamori Asahina Seijun Honoka",
        "Kurosawara Minamizono Tachigawa Hoshimura Aonuma Sakuraba Nishikido Mizusaki Hayamine Shirogane Tokunagi Fukamachi",
        ("Japanese",),
    ),
    "korean": (
        "Seo-yun Ji-hwan Ha-eun Do-yeon Min-seok Ye-rin Tae-gyu Sol-bin Eun-chae Gun-woo Na-rae Hyun-ju",
        "Namgoong Seonu Jegal Hwangbo Dokgo Sagong Tak Bong Gyeon Mok Pyo Ok",
        ("Korean",),
    ),
    "chinese": (
        "Ruolan Zhengyu Meixuan Haoran Yutong Kexin Boyuan Shiqing Lingfei Jianhe Wanqiu Zimo",
        "Ouyang Shangguan Linghu Zhuge Murong Xiahou Situ Huangfu Gongsun Dongfang Nangong Baili",
        ("Chinese",),
    ),
    "cantonese": (
        "Cordelia Wing-sum Ambrose Hoi-ching Florian Tsz-yan Leopold Ka-lok Rosalind Pui-man Lysander Sze-nga",
        "Au-yeung Szeto Leung-Poon Sheung Kwok-Yim Tse-Ha Man-Chu Lau-Fong Shek Ngan Yik Tsim",
        ("Chinese",),
    ),
    "malay": (
        "Nurain Hafizuddin Aisyatul Syahmi Farhanim Izzuddin Balqisah Rushdan Maizatul Khairin Sofeana Danial-Arif",
        "Zulmajdi Kamarazlan Shamsurin Rosmanizam Hazrulnizam Badlisham Azmiruddin Nordiansyah Termizan Salehan Jamadil Faizulwan",
        ("Malay",),
    ),
    "indonesian": (
        "Ratnasari Wiradipa Kinanti Bagaskoro Laksmita Satriaji Melati Arganta Puspita Dharmaji Wulandari Rangga",
        "Kusumawardaya Sastronegoro Pramuditya Hadikusnan Wirasetyawan Danurekso Lesmanadi Purbawasesa Tanumihardi Suryaloka",
        ("Indonesian",),
    ),
    "filipino": (
        "Maricris Bonifacio-Luis Lualhati Crisanto Amihan Dominador Ligaya Efren-Jose Corazonita Isagani Rosalinda Venancio",
        "Dimaculangan Salvatierra Macaraegan Buenviaje Catacutan Villaflor Manalastas Agcaoili Lumibao Pangilinan-Sy Tolentera",
        ("Filipino",),
    ),
    "thai": (
        "Pimchanok Thanawin Ornicha Kritsada Waraluck Phuriphat Sirinapa Natdanai Chalida Worapong Benyapa Jirayut",
        "Suwanparai Kittirattana Wongthanasin Charoenrit Bunyasiri Rattanaphol Saengthamrong Phromwihan Intharasuk Malaiwong",
        ("Thai",),
    ),
    "mekong": (
        "Sreyleak Vannarith Khamla Phetsamone Sokunthea Bounthavy Daravuth Viengkham Chanmony Somphone Ratanak Keovilay",
        "Sophearith Phommavongsa Chhorvann Keodalasy Thavisouk Prumsothea Sengmanivan Rathasith Bounyavet Kimhourn",
        ("French",),
    ),
    "vietnamese": (
        "Thuy-Duong Minh-Khoi Bao-Chau Duc-Tri Ngoc-Lan Quoc-Viet Hoai-An Thanh-Tung Kim-Ngan Gia-Bao Phuong-Linh Huu-Loc",
        "Tonthat Cungdinh Lacvan Auduong Vuonghoa Khucanh Nghiemxuan Trangbao Doanthai Quachvy",
        ("Vietnamese",),
    ),
    "burmese": (
        "Thandar Kyaw-Zeya Hnin-Pwint Zarni-Lin Ei-Mon Aung-Myat Su-Sandi Nyan-Htet Khin-Yadana Min-Thura",
        "Htut-Naing Shwe-Wah Phone-Myint Thant-Oo Sabai-Nwe Lwin-Kyaw Yamin-Thu Myo-Hlaing",
        ("Burmese",),
    ),
    "indian": (
        "Anvitha Raghuvir Meenalochani Sudhanshu Ishwarya Devangshu Pallavi Tejaswin Nandita Arunabh Kalyani Harshad",
        "Venkatagiri Bhattarakar Desholkar Mukundaraj Chaurasena Iyerdasan Raghunandh Sikarwal Pathakrishna Gokhlekar",
        ("Hindi",),
    ),
    "bengali": (
        "Tahmina Rafiqul Shormila Ashfaque Nusaiba Mahbubur Farzanah Zobayer Sumaiya Kamrul",
        "Talukdari Chowdhurani Shikderan Howladarin Mojumdari Bepariwal Sarkarul Khandakarin",
        ("Bengali",),
    ),
    "himalayan": (
        "Pemba-Lhamo Karma-Jigdrel Sabitri Tenzing-Dawa Binodini Sonam-Choki Prakriti Ugyen-Rabten Deepshikha Nirmalya",
        "Thapaliya-Rai Wangmoling Adhikarey Dorjikhar Khatiwala Tsheringma Baralkoti Zangphuk",
        ("Nepali",),
    ),
    "srilankan": (
        "Dilrukshika Chamathka Nuwanjith Sachinthani Pasindra Tharushika Kavishan Oshadhika",
        "Wickramapala Gunathilleke Senadhira Ratwattage Abeywardhane Kularatneke Samaradiwa Hettigoda",
        ("Sinhala", "Tamil"),
    ),
    "maldivian": (
        "Aminath-Leesha Hussain-Jailam Fathimath-Nuha Ibrahim-Shaun Mariyam-Zeena Ahmed-Naail",
        "Kudafari Manikfaan Dhonbeyru Rashwaan Maafushee Velidhooge",
        ("Dhivehi",),
    ),
    "persian": (
        "Golnar Behrouzan Shirinbanu Kavehmand Parisima Daryoush Mahinaz Farhadin Zarmina Esmatullah Laleh Nasratyar",
        "Mehrabani-Far Sohrabkhani Daneshparvar Golestanpur Rahimyaran Kohistanwal Ferozkohi Zarnegarian",
        ("Persian",),
    ),
    "urdu": (
        "Mahnoor Saqlain Rukhsana Taimoor Zarmeen Khizar Anoosha Burhanud Fariha Shahmeer",
        "Qalandrani Bokharwal Malikzada Durranpur Chaudharial Gilanvi Mirzakhel Ansaroo",
        ("Urdu",),
    ),
    "mongolian": (
        "Oyunbileg Temuulen Nomintsetseg Bat-Orgil Solongoo Enkhjargal Ariunzaya Munkh-Ider",
        "Dashnyamin Luvsandorjiin Purevsukhin Ganbaataryn Tserendolgorin Baasankhuun",
        ("Mongolian", "Russian"),
    ),
    "secretariat": (
        "Mireille Anselm Odile Joris Katarzyna Emeric",
        "Castelmore Vanderlinck Devreau Haldorsen Pellegrane Osterholt",
        ("French",),
    ),
    "timorese": (
        "Domingas Aniceto Filomena Januario Lidvina Celestino",
        "Sarmentoso Lopesinho Belovale Guterrinho Amaralino Ximenado",
        ("Portuguese", "Tetum"),
    ),
}

# Administration (lookup code): name group, town.
HOMES: dict[str, tuple[str, str]] = {
    "AF": ("persian", "Kabul"),
    "AU": ("australasian", "Canberra"),
    "BD": ("bengali", "Dhaka"),
    "BT": ("himalayan", "Thimphu"),
    "BN": ("malay", "Bandar Seri Begawan"),
    "KH": ("mekong", "Phnom Penh"),
    "CN": ("chinese", "Beijing"),
    "FJ": ("pacific", "Suva"),
    "HK": ("cantonese", "Hong Kong"),
    "IN": ("indian", "New Delhi"),
    "ID": ("indonesian", "Jakarta"),
    "IR": ("persian", "Tehran"),
    "JP": ("japanese", "Tokyo"),
    "KR": ("korean", "Daejeon"),
    "LA": ("mekong", "Vientiane"),
    "MO": ("cantonese", "Macao"),
    "MY": ("malay", "Putrajaya"),
    "MV": ("maldivian", "Malé"),
    "MN": ("mongolian", "Ulaanbaatar"),
    "MM": ("burmese", "Yangon"),
    "NP": ("himalayan", "Kathmandu"),
    "NZ": ("australasian", "Wellington"),
    "PK": ("urdu", "Islamabad"),
    "PW": ("pacific", "Koror"),
    "PG": ("melanesian", "Port Moresby"),
    "PH": ("filipino", "Manila"),
    "WS": ("pacific", "Apia"),
    "SG": ("chinese", "Singapore"),
    "SB": ("melanesian", "Honiara"),
    "LK": ("srilankan", "Colombo"),
    "TH": ("thai", "Bangkok"),
    "TL": ("timorese", "Dili"),
    "TO": ("pacific", "Nuku'alofa"),
    "VU": ("melanesian", "Port Vila"),
    "VN": ("vietnamese", "Hanoi"),
}


class Names:
    """Hands out each pair of a group once, in an order drawn from a fixed seed."""

    def __init__(self, seed: int) -> None:
        draw = random.Random(seed)
        self._left: dict[str, list[tuple[str, str]]] = {}
        for group, (given, family, _languages) in GROUPS.items():
            pairs = [(g, f) for g in given.split() for f in family.split()]
            draw.shuffle(pairs)
            self._left[group] = pairs

    def reserve(self, name: str) -> None:
        """Keep the names of a person of the story for that person alone."""
        given, family = name.split(" ")
        for group, pairs in self._left.items():
            if (given, family) in pairs:
                self._left[group] = [(g, f) for g, f in pairs if g != given and f != family]

    def of(self, code: str) -> tuple[str, str]:
        """A given and a family name nobody in the demo region has yet."""
        return self.from_group(HOMES[code][0])

    def from_group(self, group: str) -> tuple[str, str]:
        return self._left[group].pop()


def languages_of(code: str) -> tuple[str, ...]:
    return GROUPS[HOMES[code][0]][2]


def town_of(code: str) -> str:
    return HOMES[code][1]


def address(given: str, family: str, domain: str) -> str:
    """An address below `.example`, a name that no mail can ever be delivered to."""
    local = f"{given}.{family}".lower().replace("'", "").replace("é", "e")
    return f"{local}@{domain}.example"
