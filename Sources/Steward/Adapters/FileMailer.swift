import Foundation
import Kernel
import Metadata

/// Puts each mail as a file into a folder, for a mail server beside it to pick up, or for a person who
/// tries the program out.
///
/// A mail that is sent twice is one file: its name is the mail's id.
struct FileMailer: Mailer {
    private let folder: URL
    private let sender: String
    private let clock: any WallClock

    init(folder: URL, sender: String, clock: any WallClock) {
        self.folder = folder
        self.sender = sender
        self.clock = clock
    }

    func send(_ mail: OutgoingMail, id: String) async throws {
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        // The envelope, which a mail's own head does not tell: blind copies stand here alone.
        let envelope = mail.recipients.map { "X-Envelope-To: \($0)\r\n" }.joined()
        let text = envelope + MailText(mail, sender: sender, id: id, at: clock.now()).text
        try Data(text.utf8).write(to: folder.appending(path: "\(id).eml"), options: .atomic)
    }
}
