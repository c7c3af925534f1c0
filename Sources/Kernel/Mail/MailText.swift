import Foundation
package import Metadata

/// A mail as it travels: RFC 5322, with MIME bodies.
package struct MailText: Sendable {
    package let text: String

    /// - Parameters:
    ///   - sender: the address that stands in `From` where the mail has none.
    ///   - id: what stands before the `@` of the `Message-ID`; the sender's domain stands behind it.
    package init(_ mail: OutgoingMail, sender: String, id: String, at moment: Instant) {
        let from = mail.from ?? sender
        let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
        var lines = [
            "From: \(MailText.mailbox(from, mail.fromName))",
            "To: \(mail.to.joined(separator: ", "))",
        ]
        if !mail.cc.isEmpty { lines.append("Cc: \(mail.cc.joined(separator: ", "))") }
        if let replyTo = mail.replyTo { lines.append("Reply-To: \(replyTo)") }
        lines += [
            "Subject: \(MailText.encoded(mail.subject))",
            "Date: \(MailText.date(moment))",
            "Message-ID: <\(MailText.plain(id))@\(MailText.plain(domain))>",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
        ]
        if let html = mail.htmlBody {
            // No line of base64 begins with two hyphens.
            let boundary = "--steward-\(MailText.plain(id))"
            lines.append("Content-Type: multipart/alternative; boundary=\"\(boundary)\"")
            lines.append("")
            for (type, body) in [("plain", mail.textBody), ("html", html)] {
                lines.append("--\(boundary)")
                lines += MailText.part(type, body)
            }
            lines.append("--\(boundary)--")
        } else {
            lines += MailText.part("plain", mail.textBody)
        }
        text = lines.joined(separator: "\r\n") + "\r\n"
    }

    private static func part(_ type: String, _ body: String) -> [String] {
        let encoded = Data(body.utf8).base64EncodedString()
        var lines = [
            "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        var rest = Substring(encoded)
        while !rest.isEmpty {
            lines.append(String(rest.prefix(76)))
            rest = rest.dropFirst(76)
        }
        return lines
    }

    private static func mailbox(_ address: String, _ name: String?) -> String {
        guard let name, !name.isEmpty else { return address }
        return "\(encoded(name)) <\(address)>"
    }

    /// A text of the head in encoded words of RFC 2047, each of at most 75 characters.
    private static func encoded(_ text: String) -> String {
        let isPlain =
            text.utf8.count <= 60
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && !text.contains("=?")
            && !text.contains(where: { "<>@,;:\\\"()[]".contains($0) })
        if isPlain { return text }
        var words: [String] = []
        var word: [UInt8] = []
        for character in text {
            let bytes = Array(String(character).utf8)
            if word.count + bytes.count > 42, !word.isEmpty {
                words.append(encodedWord(word))
                word = []
            }
            word += bytes
        }
        words.append(encodedWord(word))
        return words.joined(separator: "\r\n ")
    }

    private static func encodedWord(_ bytes: [UInt8]) -> String {
        "=?utf-8?B?\(Data(bytes).base64EncodedString())?="
    }

    /// Only what an identifier may hold.
    private static func plain(_ text: String) -> String {
        String(text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) })
    }

    private static func date(_ moment: Instant) -> String {
        let day = Int((Double(moment.milliseconds) / 86_400_000).rounded(.down))
        let second = Int(moment.milliseconds / 1_000) - day * 86_400
        let date = CivilDate(daysSinceEpoch: day)
        let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let month = months[((date?.month ?? 1) - 1) % 12]
        let clock = "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return "\(weekdays[((day % 7) + 7) % 7]), \(two(date?.day ?? 1)) \(month) "
            + "\(date?.year ?? 1970) \(clock) +0000"
    }
}
