import Metadata

/// Where a case is, and the small things that the texts about it mention.
struct DemoPlace {
    let area: String
    let street: String
    /// The street that crosses it.
    let corner: String
    let number: Int
    let landmark: String
    var days: String
    var count: String
    var weekday: String

    /// Another text about the same place need not mention the same day.
    mutating func drawNumbers(_ random: inout SeededRandom) {
        days = random.pick(DemoText.counts)
        count = random.pick(DemoText.counts)
        weekday = random.pick(DemoText.weekdays)
    }
}

/// Puts a place and small numbers into sentences.
enum DemoText {
    static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]
    static let counts = [
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve",
    ]

    /// Appends a sentence with its placeholders filled in.
    static func append(
        _ sentence: String,
        at place: DemoPlace,
        to text: inout String
    ) {
        var rest = sentence.utf8[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "{")),
            let close = rest[open...].firstIndex(of: UInt8(ascii: "}"))
        {
            text += Substring(rest[..<open])
            let name = Substring(rest[rest.index(after: open)..<close])
            switch name {
            case "street": text += place.street
            case "corner": text += place.corner
            case "number": text += String(place.number)
            case "landmark": text += place.landmark
            case "area": text += place.area
            case "days": text += place.days
            case "count": text += place.count
            case "weekday": text += place.weekday
            default: preconditionFailure("no text is filled in for {\(name)}")
            }
            rest = rest[rest.index(after: close)...]
        }
        text += Substring(rest)
    }

    /// A sentence with its placeholders filled in, and a capital letter first.
    static func filled(_ sentence: String, at place: DemoPlace) -> String {
        var text = ""
        append(sentence, at: place, to: &text)
        return capitalized(text)
    }

    /// Sentences, each beginning with a capital letter, with a blank between them.
    static func paragraph(_ sentences: [String], at place: DemoPlace) -> String {
        var text = ""
        text.reserveCapacity(320)
        for sentence in sentences where !sentence.isEmpty {
            if !text.isEmpty { text += " " }
            if sentence.utf8.first == UInt8(ascii: "{") {
                text += filled(sentence, at: place)
            } else {
                append(sentence, at: place, to: &text)
            }
        }
        return text
    }

    /// Only the first letter is looked at: all texts of the demo begin in ASCII.
    static func capitalized(_ text: String) -> String {
        guard let first = text.utf8.first, first >= 0x61, first <= 0x7A else { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
