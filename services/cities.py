"""What the program calls its cities, and what people call them."""

CITY_NAMES = {
    "hangzhou": "杭州",
    "lishui": "丽水",
    "heze": "菏泽",
    "shantou": "汕头",
    "huizhou": "惠州",
}
