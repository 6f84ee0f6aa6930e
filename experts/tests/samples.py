"""The sample extract: invented people in the figures of T2 (March 2012).

    python -m experts.tests.samples > docs/samples/ace-extract-2012.csv

Nobody in it exists: the references say FICTIONAL, the addresses end in .example.
"""

import csv
import datetime as dt
import io
import itertools
import sys
from collections.abc import Iterator

HEAD = (
    "ace_reference", "family_name", "given_name", "administration", "email", "languages", "category", "area", "status",
    "first_step_on", "accredited_on", "ace_entered_on", "workshop",
)  # fmt: skip
# Administration as its extract might write it, mail domain, languages, given names, family names.
HOMES = {
    "JP": (
        "Japan", "English; Japanese (native)",
        "Haruko Daiki Mirei Shunta Natsumi Kazuha", "Okamura Shiratori Hoshino Minase Asakura Kirihara",
    ),
    "MY": (
        "Malaysia", "English; Malay (native)",
        "Aminuddin Sharifah Rosmin Haziq Farhana Zulhelmi", "Baharun Kamaruzam Idrisy Jaafir Othmanlee Salihin",
    ),
    "AU": (
        "Australia", "English (native)",
        "Bronte Callum Imogen Lachie Tamsin Darcy", "Wattlegrove Ferngate Mirrabook Coolamon Tarwin Quillby",
    ),
    "KR": (
        "Korea (Republic of)", "English; Korean (native)",
        "Seoha Jiwan Haneul Minseok Yuna Dohyun", "Gangseo Namgoong Seomun Hwangbo Jegal Dokgo",
    ),
    "HK": (
        "Hong Kong, China", "English; Chinese (native)",
        "Waiman Siukei Laifong Chungyin Hoiching Kwokpun", "Auyeungli Tsangmok Lamwai Chowfai Yuenho Pangkit",
    ),
    "TH": (
        "Thailand", "English; Thai (native)",
        "Arunrat Chanwit Duangjai Kittiphan Malivan Prasong", "Srithongin Wattanakulin Boonpradab Saengdao Rattanachot Thepwisut",
    ),
    "IN": (
        "India", "English; Hindi (native)",
        "Anindita Devraj Kavithra Manojit Revathy Sukhdev", "Bhaskaranth Chaturvedin Deshmukhan Iyengarin Malhotrai Ranganathi",
    ),
    "CN": (
        "China", "English; Chinese (native)",
        "Lanying Zhihao Qiumei Jianbo Xueqin Haoran", "Ouyangsu Shangguo Linghua Dongmen Baiyun Nangong",
    ),
    "NZ": (
        "New Zealand", "English (native)",
        "Aroha Tane Briar Wiremu Hinemoa Rangi", "Totaravale Kereruford Manukahill Rimutaka Kowhaidale Ponsgrove",
    ),
    "SG": (
        "Singapore", "English (native); Chinese",
        "Meizhen Farouk Shanthi Weijie Nadira Junhao", "Tanglin Seletar Kallangur Novenam Changim Bedokar",
    ),
    "PH": (
        "Philippines", "English",
        "Corazona Benigno Ligaya Efrenio Maribeth Rodelio", "Dalisayan Magtanggol Panganiban Salcedoza Lacsamanan Bayanihan",
    ),
    "ID": (
        "Indonesia", "English; Indonesian (native)",
        "Wulandari Bambangan Rahayuni Setiyo Kartikan Pramudya", "Nusantari Kusumo Wirayudha Hartawan Samudera Prabowoto",
    ),
    "VN": (
        "Viet Nam", "English; Vietnamese (native)",
        "Thanhlan Quocbao Mylinh Ducphong Hoaian Vanson", "Luongbach Trieuha Dangvu Phungkim Maichau Doantrung",
    ),
    "LK": (
        "Sri Lanka", "English; Sinhala (native)",
        "Dilrukshi Nuwanthan Samanmali Kasunith Ishara Chamindu", "Wijegunatne Pererawa Karunasiri Abeyratnal Senavira Jayalathi",
    ),
    "FJ": (
        "Fiji", "English (native)",
        "Losalini Ratuvili Ashmita Semisi Vasiti Jonetani", "Naisorovi Tuivaga Rakorako Vunilagi Qerea Bulamai",
    ),
    "BD": (
        "Bangladesh", "English; Bengali (native)",
        "Nasreena Tanvirul Shahnazi Rezwanul Farhanaz Imtiazur", "Choudhurani Talukdary Mridhani Howladari Sikdari Bhuiyani",
    ),
}  # fmt: skip
# Category, area, homes of those fully accredited, of those at the first step; months of workshops; title of T3.
# A star stands for somebody who is in an earlier row already.
DIAGNOSTICIANS = (
    "JP JP JP JP MY MY MY MY AU AU AU KR KR KR HK HK HK TH TH TH IN IN IN CN CN CN NZ NZ SG SG PH PH PH ID ID ID VN VN VN "
    "LK LK LK FJ FJ BD BD BD JP MY"
)
TABLE = (
    ("DF", "", DIAGNOSTICIANS, "", ("2005-10", "2006-12"), "Diagnostic Facilitators"),
    ("CMA", "", "JP* AU NZ MY* KR SG TH* IN HK* LK PH ID", "FJ VN BD CN* ID PH SG NZ IN LK TH", ("2009-02", "2010-03"),
     "Customs Modernization Advisors"),
    ("AT", "HS", "JP KR* MY IN CN AU* TH PH* ID", "", ("2008-11", "2010-04", "2011-06"), "HS expert trainers"),
    ("AT", "Valuation", "JP MY KR IN* CN HK NZ AU TH PH LK* VN", "", ("2009-03", "2010-06"), "Valuation expert trainers"),
    ("AT", "PCA", "KR MY", "", ("2010-09",), ""),
    ("AT", "Rules of Origin", "JP SG*", "", ("2010-11",), ""),
    ("TOA", "AEO", "JP KR NZ", "MY TH* SG HK IN PH VN", ("2009-05",), ""),
    ("TOA", "RKC", "AU JP NZ IN", "", ("2009-11",), ""),
    ("TOA", "IPR", "HK JP KR CN TH", "", ("2010-02",), ""),
    ("TOA", "Data Model", "KR", "SG", ("2010-10",), ""),
)  # fmt: skip
LAST_WORKSHOP = {
    "CMA": ("2010-03", "Customs Modernization Advisors"),
    "AEO": ("2011-12", "AEO expert"),
    "Data Model": ("2011-09", ""),
}


def rows() -> Iterator[tuple[str, ...]]:
    people: list[dict[str, str]] = []
    taken: dict[str, set[str]] = {}
    met: dict[str, int] = dict.fromkeys(HOMES, 0)

    def person(home: str, row: str) -> dict[str, str]:
        code = home.rstrip("*")
        if home.endswith("*"):
            found = next(
                p for p in people if p["home"] == code and len(taken[p["ref"]]) == 1 and row not in taken[p["ref"]]
            )
            taken[found["ref"]].add(row)
            return found
        name, languages, given, family = HOMES[code]
        number = met[code]
        met[code] += 1
        first, last = given.split()[number % 6], family.split()[(number + number // 6) % 6]
        found = {
            "home": code,
            "ref": f"FICTIONAL-{len(people) + 1:04d}",
            "family": last,
            "given": first,
            "administration": name,
            "email": f"{first}.{last}@customs-{code}.example".lower(),
            "languages": languages,
        }
        people.append(found)
        taken[found["ref"]] = {row}
        return found

    for category, area, full, first_step, months, title in TABLE:
        row = area or category
        for number, (home, month) in enumerate(zip(full.split(), itertools.cycle(months), strict=False)):
            day = dt.date.fromisoformat(f"{month}-{10 + number % 9:02d}")
            accredited = day + dt.timedelta(days=110 + (number * 17) % 90)
            entered = accredited + dt.timedelta(days=12 + (number * 5) % 40)
            yield _line(
                person(home, row), category, area, "accredited", day, accredited, entered, _workshop(title, month)
            )
        for number, home in enumerate(first_step.split()):
            month, name = LAST_WORKSHOP[row]
            day = dt.date.fromisoformat(f"{month}-{9 + number:02d}")
            yield _line(person(home, row), category, area, "1st step", day, None, None, _workshop(name, month))


def _workshop(title: str, month: str) -> str:
    return f"{title}, {dt.date.fromisoformat(month + '-01'):%B %Y}" if title else ""


def _line(who: dict[str, str], category: str, area: str, status: str, *rest: object) -> tuple[str, ...]:
    days = [str(value) if value else "" for value in rest]
    named = (who["ref"], who["family"], who["given"], who["administration"], who["email"], who["languages"])
    return (*named, category, area, status, *days)


def text() -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows())
    return out.getvalue()


if __name__ == "__main__":
    sys.stdout.write(text())
