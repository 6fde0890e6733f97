// What simdjson's `dom` takes for a file: it validates all of it. Prints the median nanoseconds of 2,000 parses.
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

int main(int count, char **arguments)
{
    simdjson::padded_string text;
    if (count < 2 || simdjson::padded_string::load(arguments[1]).get(text)) return 1;
    simdjson::dom::parser parser;
    std::vector<double> times;
    for (int turn = 0; turn < 2000; turn += 1) {
        simdjson::dom::element root;
        auto start = std::chrono::steady_clock::now();
        if (parser.parse(text).get(root)) return 1;
        std::chrono::duration<double, std::nano> taken = std::chrono::steady_clock::now() - start;
        times.push_back(taken.count());
    }
    std::sort(times.begin(), times.end());
    std::printf("%.0f\n", times[times.size() / 2]);
    return 0;
}
