import pytest

from domain.drafting.taxonomy import FIRST_LEVEL, leaves, lexicon
from domain.drafting.topic import rank_topics


def test_the_table_has_the_fifteen_first_levels_and_three_levels_each() -> None:
    assert {leaf.first for leaf, _ in leaves()} == set(FIRST_LEVEL)
    assert len(FIRST_LEVEL) == 15
    assert all(leaf.second and leaf.third and words for leaf, words in leaves())


@pytest.mark.parametrize(
    ("said", "first", "third"),
    [
        ("小区物业乱收物业费", "城乡建设", "物业服务"),
        ("工地拖欠农民工工资", "劳动和社会保障", "工资与欠薪"),
        ("楼下餐馆油烟废气直排", "环境保护", "大气与油烟"),
        ("出租车拒载绕路", "交通运输", "出租与网约车"),
        ("医院护士乱挂号住院", "卫生计生", "医院与医生"),
        ("驾驶证丢了去车管所补", "政法", "事故与车驾管"),
        ("宅基地翻修审批", "国土资源", "宅基地"),
        ("村里机井坏了没法浇地", "农村农业", "水利与饮水"),
        ("宽带断网装不上", "科技与信息产业", "手机与宽带"),
        ("低保户的临时救助", "民政", "低保与救助"),
        ("党员组织关系怎么转", "党务政务", "党建"),
        ("局长受贿贪污", "纪检监察", "贪污贿赂"),
    ],
)
def test_words_of_a_topic_rank_it_first(said: str, first: str, third: str) -> None:
    best = rank_topics(said)[0]
    assert (best.first, best.third) == (first, third)
    assert all(said[start:end] in lexicon().words for start, end in best.stretches)
    assert best.stretches


def test_shares_add_to_one_and_fall() -> None:
    shares = [topic.share for topic in rank_topics("学校食堂吃坏肚子")]
    assert len(shares) == 15
    assert sum(shares) == pytest.approx(1)
    assert shares == sorted(shares, reverse=True)


def test_where_no_word_is_known_all_are_alike() -> None:
    ranked = rank_topics("")
    assert {round(topic.share, 4) for topic in ranked} == {0.0667}
    assert not any(topic.third or topic.stretches for topic in ranked)


def test_the_longest_word_wins() -> None:
    assert [word for _, _, word in lexicon().found("公租房")] == ["公租房"]
