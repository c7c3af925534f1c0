/// How many, to a power of ten: what leaves an org in place of a count.
///
/// Band 0 is fewer than 10, none among them; band *n* is 10ⁿ up to 10ⁿ⁺¹ − 1; band 9 has no end. So
/// the lowest band never tells one from none.
///
/// A band is entered from below at its first number, and left downwards only a fifth (and two at
/// least) below it. One record more or fewer can then move a band once, and its coming and going
/// cannot move it to and fro.
package struct UseBand: Sendable, Hashable, Comparable {
    package static let last = 9

    /// 0 to 9.
    package let number: Int

    package init(number: Int) {
        self.number = min(max(0, number), UseBand.last)
    }

    /// The band of a count, without regard to where it stood before.
    package init(of count: Int) {
        var number = 0
        while number < UseBand.last, count >= UseBand.start(of: number + 1) { number += 1 }
        self.number = number
    }

    /// The band of a count that was in another band before.
    package init(of count: Int, after previous: UseBand?) {
        var band = UseBand(of: count)
        if let previous, band < previous {
            // Down to the first band that the count has not clearly left.
            var number = previous.number
            while number > band.number, count < UseBand.end(of: number) { number -= 1 }
            band = UseBand(number: number)
        }
        self = band
    }

    /// The first count of a band.
    package static func start(of number: Int) -> Int {
        guard number > 0 else { return 0 }
        return (0..<min(number, last)).reduce(1) { power, _ in power * 10 }
    }

    /// Below which a band is left downwards.
    static func end(of number: Int) -> Int {
        let start = start(of: number)
        return start - max(2, start / 5)
    }

    package static func < (one: UseBand, other: UseBand) -> Bool { one.number < other.number }

    /// For people: `1 000 to 9 999`.
    package var text: String {
        switch number {
        case 0: "fewer than 10"
        case UseBand.last: "\(UseBand.grouped(UseBand.start(of: number))) or more"
        default:
            UseBand.grouped(UseBand.start(of: number)) + " to "
                + UseBand.grouped(UseBand.start(of: number + 1) - 1)
        }
    }

    private static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0 && place.isMultiple(of: 3) { text.append(" ") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
