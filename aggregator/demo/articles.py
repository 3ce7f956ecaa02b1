"""The news of a small world that does not exist: harbour towns, a river, and what happens there.

Every name of a place, a person or a medium here is made up, and so is every event.
"""

from dataclasses import dataclass
from typing import Literal

Place = Literal["page", "api", "rolling", "tides", "lantern"]
Way = Literal["parameter", "pattern", "url", "guid"]

RIVER = "春江日报"
HILLS = "山城晚报"
COAST = "海角财经"
ROLLING = "河湾滚动"
TIDES = "The Tide Table"
LANTERN = "Lantern Digest"


@dataclass(frozen=True, kw_only=True)
class Article:
    """One article, before anyone has published it.

    name: a handle in ASCII, also part of its address. medium: who wrote it. places: where in the world it turns up.
    joins: how the copy outside its own medium is recognised, None where the copies say so themselves or there are none.
    age_hours: how long before the world's start it came out; None: it comes out later.
    """

    name: str
    medium: str
    title: str
    paragraphs: tuple[str, ...]
    places: tuple[Place, ...]
    joins: Way | None = None
    age_hours: float | None = None


# What the world starts with: 14 articles, 23 times in five sources.
START = (
    Article(
        name="ferry-lamps",
        medium=RIVER,
        title="渡口老灯重新亮起，夜航船有了回家的记号",
        paragraphs=(
            "昨晚七点，春江南岸渡口的十二盏老灯依次点亮。等船的人没有说话，只有一个孩子跟着数到了十二，然后认真地鼓起掌来。",
            "这些灯建成已有六十多年，停用了将近二十年。修灯的顾师傅说，灯罩是原来的，灯芯换了省电的，“亮的颜色没变，还是刚出锅的南瓜那种黄”。",
            "渡口管理站说，夜航船今后每晚加开一班，末班船会等最后一位赶船的人，但最多只等三分钟。",
        ),
        places=("page", "api", "rolling"),
        joins="pattern",
        age_hours=1.5,
    ),
    Article(
        name="noodle-street",
        medium=RIVER,
        title="面馆一条街评出“最安静的一碗面”",
        paragraphs=(
            "柳条巷的七家面馆上周办了一场特别的比赛：不比辣，不比量，只比客人吃面时有多安静。评委是巷口的三位修表匠。",
            "冠军归了一碗清汤笋面。修表匠们的评语写在收据背面：“吃到一半，听见了墙上的钟。”",
        ),
        places=("page", "api"),
        age_hours=4,
    ),
    Article(
        name="crane-count",
        medium=RIVER,
        title="湿地数鹤三天，志愿者数出一只“多余的”",
        paragraphs=(
            "北滩湿地一年一度的数鹤活动昨天结束。四十名志愿者分成八组，数了三天，结果是四百一十六只，比上一年多三十二只。",
            "有一组报的数总比别人多一只。复核发现，多出来的是一只站在鹤群里的白色塑料水桶，“它站得很像，也不怕人”。",
            "水桶已经捡走。志愿者们在原地留下一块小木牌，写着：此处曾有一只不会飞的鹤。",
        ),
        places=("page", "rolling"),
        joins="parameter",
        age_hours=7,
    ),
    Article(
        name="bridge-bench",
        medium=RIVER,
        title="新桥中间装了一排椅子，设计师：桥不一定要走完",
        paragraphs=(
            "春江步行桥今天通行。与图纸不同的是，桥的正中多了一排面向下游的木椅，一共九把，高低不一。",
            "设计师说，量尺寸那几天她总看见有人在河边站很久。“过桥是为了去对岸，可有时候人只想到河中间去一下。”",
        ),
        places=("page",),
        age_hours=11,
    ),
    Article(
        name="library-cat",
        medium=HILLS,
        title="山城图书馆给猫办了借书证，但它只借同一本",
        paragraphs=(
            "山城图书馆的橘猫“逗号”本周正式成为第一万名持证读者。借书证上的照片拍了四次，前三次它都在打哈欠。",
            "管理员说，“逗号”每天都趴在《云的分类》上睡午觉，所以这本书一直显示借出。想读的人可以预约，也可以坐在旁边一起看。",
        ),
        places=("api", "rolling"),
        joins="pattern",
        age_hours=2.5,
    ),
    Article(
        name="stair-bus",
        medium=HILLS,
        title="三百级台阶旁开通“慢梯”，上山只需一首歌",
        paragraphs=(
            "山城最陡的望烟巷昨天开通了一部沿坡而行的慢梯，全程四分十秒，车厢里只放一首歌，刚好放完就到。",
            "八十一岁的卖花婆婆成了第一位乘客。她说以后还是会走下山：“下山的时候，花是朝着人的。”",
        ),
        places=("api",),
        age_hours=9,
    ),
    Article(
        name="salt-price",
        medium=COAST,
        title="海角盐市开秤：今年的盐更细，价钱不变",
        paragraphs=(
            "海角镇的盐市今早开秤。由于夏天少雨，今年晒出的盐粒比往年细，老盐工形容“抓在手里像抓住一把月光”。",
            "镇上的合作社宣布价钱与去年持平，每袋另送一张手绘的晒盐日历。开秤一小时，卖出三百二十袋。",
        ),
        places=("api", "rolling"),
        joins="parameter",
        age_hours=5.5,
    ),
    Article(
        name="kite-weather",
        medium=ROLLING,
        title="河湾气象站恢复“放风筝指数”，明天四级",
        paragraphs=(
            "河湾气象站今天恢复发布停了三年的“放风筝指数”。指数从一到五，一级适合看别人放，五级请牵好自己的帽子。",
            "明天是四级，下午两点到四点最好，河堤上游人多，建议往第二棵歪脖子柳树那边走。",
        ),
        places=("rolling",),
        age_hours=3,
    ),
    Article(
        name="harbour-cat",
        medium=TIDES,
        title="The harbour cat has outlasted her fourth harbourmaster",
        paragraphs=(
            "Bollard, the grey cat who lives in the signal house at Penny Quay, saw her fourth harbourmaster retire on "
            "Friday. She attended the speeches and left during the applause.",
            "The new harbourmaster has been told the three rules that are not in the handbook: the blue chair is "
            "taken, the window stays open a hand's width, and herring is not a reward but a right.",
            "Asked how the handover went, the retiring harbourmaster said that it had been smooth. “She already knew "
            "where everything was.”",
        ),
        places=("tides", "lantern"),
        joins="url",
        age_hours=2,
    ),
    Article(
        name="tide-clock",
        medium=TIDES,
        title="A clock that is right only when the tide is",
        paragraphs=(
            "The tower of Saint Orrin's has a second face since this week. It has one hand, no numbers, and goes round "
            "once between two high waters.",
            "Visitors complain that it is never on time. Fishermen say that no other clock in town ever was.",
        ),
        places=("tides", "lantern"),
        joins="url",
        age_hours=8,
    ),
    Article(
        name="lost-umbrellas",
        medium=TIDES,
        title="Forty-one lost umbrellas find one lost island",
        paragraphs=(
            "A raft of umbrellas, blown off the pier in the September gale, has come ashore on Little Sorrow, an islet "
            "that the charts of the last sixty years had left out.",
            "The survey boat that went to collect them measured the islet as well: two hundred paces by ninety, one "
            "spring, no trees. It will be on the next chart, under its old name.",
            "Owners may claim their umbrellas on Saturday. Describing the handle will do.",
        ),
        places=("tides", "lantern"),
        joins="guid",
        age_hours=13,
    ),
    Article(
        name="fog-choir",
        medium=TIDES,
        title="The fog choir rehearses whether you can see it or not",
        paragraphs=(
            "Every morning with less than fifty yards of sight, eleven people stand on the north mole and sing the old "
            "channel marks, from Gull Rock to Home.",
            "It began as a joke about the broken foghorn. The foghorn was mended in spring. Nobody has asked the choir "
            "to stop, and three skippers say that they steer by the second alto.",
        ),
        places=("tides",),
        age_hours=20,
    ),
    Article(
        name="smallest-museum",
        medium=LANTERN,
        title="The smallest museum in the valley doubles in size",
        paragraphs=(
            "The Museum of Single Gloves has moved from one cupboard into two. The second is for left hands, which "
            "used to hang in the corridor.",
            "Its keeper hopes that the new arrangement will help visitors to make comparisons. Twice a year somebody "
            "finds a pair, and the museum loses an exhibit with great ceremony.",
        ),
        places=("lantern",),
        age_hours=6,
    ),
    Article(
        name="night-baker",
        medium=LANTERN,
        title="Night baker leaves her window open for those who cannot sleep",
        paragraphs=(
            "At three in the morning there is one lit window on Cooper's Hill, and under it, since the winter, a "
            "bench. The baker put it there herself when she noticed how many people walk.",
            "There is no sign and no price. Whoever sits down is handed something warm. Most, she says, are asleep "
            "before the second tray.",
        ),
        places=("lantern",),
        age_hours=16,
    ),
)

# What happens while one watches, in this order.
LATER = (
    Article(
        name="lamp-thirteen",
        medium=RIVER,
        title="渡口来信：第十三盏灯在一位老人家的窗台上",
        paragraphs=(
            "渡口十二盏老灯亮起的消息见报后，编辑部收到一封手写信。写信的周奶奶说，当年拆灯时她的丈夫抱回一盏，放在窗台上，一直亮着。",
            "“不用还给渡口，”她写道，“从船上看，它正好是第十三盏。”记者坐末班船看过了，是的。",
        ),
        places=("page", "api"),
    ),
    Article(
        name="second-island",
        medium=TIDES,
        title="Little Sorrow has a neighbour at very low water",
        paragraphs=(
            "The survey boat went back to the rediscovered islet for the spring tide and found a second one, the size "
            "of a kitchen table, dry for twenty minutes.",
            "It has been named Brief Joy. The crew landed, had tea, and left in good order.",
        ),
        places=("tides", "lantern"),
        joins="url",
    ),
    Article(
        name="umbrella-weaver",
        medium=HILLS,
        title="修伞铺收到一百把旧伞，拼出一条不淋雨的巷子",
        paragraphs=(
            "望烟巷的修伞铺三个月里收到一百零四把没人要的旧伞。师傅没有拆零件，而是把伞面一块块缝起来，挂在巷子上空。",
            "昨天第一场秋雨，巷子里的人抬头看了很久。雨声是从各种颜色里落下来的，人却是干的。",
        ),
        places=("api", "rolling"),
        joins="pattern",
    ),
    Article(
        name="borrowed-ladder",
        medium=LANTERN,
        title="A ladder borrowed in 1961 comes home",
        paragraphs=(
            "The Wick family have returned a ladder to the Fennimores next door, with an apology and sixty-odd years "
            "of paint on it.",
            "The Fennimores had meanwhile built a house without an upper floor. They are said to be thinking about it.",
        ),
        places=("lantern",),
    ),
    Article(
        name="slow-train",
        medium=RIVER,
        title="沿江慢车加挂一节“看窗外”车厢",
        paragraphs=(
            "从下月起，沿江慢车最后一节改为“看窗外”车厢：座位一律朝外，没有小桌板，报站的声音也轻一半。",
            "试乘的乘客说，平时四十分钟的路显得很短。列车长补充：那天其实晚点了十分钟，没有人发现。",
        ),
        places=("page", "api", "rolling"),
        joins="pattern",
    ),
    Article(
        name="second-alto",
        medium=TIDES,
        title="Second alto of the fog choir catches cold; port closes for a morning",
        paragraphs=(
            "With visibility at thirty yards and the second alto in bed, four boats chose to wait outside the mole on "
            "Tuesday rather than trust the instruments.",
            "Soup was sent by the harbour office, the pilots and the cat. She is expected back with the next fog.",
        ),
        places=("tides", "lantern"),
        joins="guid",
    ),
    Article(
        name="shell-exchange",
        medium=COAST,
        title="海角镇开出“贝壳兑换所”，一枚贝壳换一个故事",
        paragraphs=(
            "海角镇码头旁新开了一间只有两张凳子的小店。客人放下一枚贝壳，店主就讲一个海上的故事；也可以反过来。",
            "开张十天，账本上记着：收进贝壳二百一十七枚，讲出故事二百零三个，欠故事十四个，“年底前还清”。",
        ),
        places=("api",),
    ),
    Article(
        name="message-bottle",
        medium=TIDES,
        title="Message in a bottle answered by return of tide",
        paragraphs=(
            "A bottle thrown from Penny Quay on Sunday was found on Monday on Penny Quay. It now held two letters, the "
            "second in another hand.",
            "“Quite well, thank you,” it begins, “and how is the weather on your side?”",
        ),
        places=("tides",),
    ),
    Article(
        name="rice-painting",
        medium=RIVER,
        title="稻田里长出一行字，要从山顶才读得到",
        paragraphs=(
            "北滩的农户用两种颜色的稻子，在田里种了一行字。站在田埂上只看得到稻子，爬上对面的山才读得出来。",
            "字写的是“到家了吗”。种田的夫妇说，儿子坐飞机回来时会从上面经过。",
        ),
        places=("page", "rolling"),
        joins="parameter",
    ),
    Article(
        name="left-glove",
        medium=LANTERN,
        title="Museum of Single Gloves mourns a reunion",
        paragraphs=(
            "Exhibit twelve, green wool, right hand, was recognised on Sunday by a visitor who was wearing exhibit "
            "twelve, green wool, left hand.",
            "The keeper made the speech, the visitor cried a little, and the hook has been left empty out of respect.",
        ),
        places=("lantern",),
    ),
    Article(
        name="echo-corner",
        medium=HILLS,
        title="山城发现一处回声，会晚两秒再答应你",
        paragraphs=(
            "山城中学的地理课上周量出了一处奇怪的回声：在钟楼拐角喊一声，要等两秒才有回音，比声学上该有的慢了整整一秒。",
            "老师布置的作业是解释那一秒。收上来的答案里，有一份只写了一句：“它在想怎么回答。”得了满分。",
        ),
        places=("api", "rolling"),
        joins="pattern",
    ),
    Article(
        name="last-boat",
        medium=RIVER,
        title="末班船等了四分钟，全船人没有一个催",
        paragraphs=(
            "按规定末班船最多等三分钟。昨晚船长看见堤上有人一手抱孩子、一手提着灯往下跑，就又多等了一分钟。",
            "上船的人把灯挂在船头。那是周奶奶家窗台上的第十三盏，孩子要送它去对岸看看另外十二盏。",
            "管理站今天改了规定：最多等三分钟，“看得见灯的除外”。",
        ),
        places=("page", "api", "rolling"),
        joins="pattern",
    ),
)
