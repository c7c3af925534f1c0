import Metadata

/// Where a case is, for the texts about it.
struct DemoPlace {
    let area: String
    let street: String
    /// The street that crosses it.
    let corner: String
    let number: Int
    let landmark: String
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
        to text: inout String,
        _ random: inout SeededRandom
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
            case "days", "count": text += counts[random.below(counts.count)]
            case "weekday": text += weekdays[random.below(weekdays.count)]
            default: preconditionFailure("no text is filled in for {\(name)}")
            }
            rest = rest[rest.index(after: close)...]
        }
        text += Substring(rest)
    }

    /// A sentence with its placeholders filled in, and a capital letter first.
    static func filled(
        _ sentence: String,
        at place: DemoPlace,
        _ random: inout SeededRandom
    ) -> String {
        var text = ""
        append(sentence, at: place, to: &text, &random)
        return capitalized(text)
    }

    /// Only the first letter is looked at: all texts of the demo begin in ASCII.
    static func capitalized(_ text: String) -> String {
        guard let first = text.utf8.first, first >= 0x61, first <= 0x7A else { return text }
        return text.prefix(1).uppercased() + text.dropFirst()
    }
}
