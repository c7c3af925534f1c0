import Crypto
import Foundation

/// By which the receiver knows that a delivery is ours, whole and recent.
package enum WebhookSignature {
    package static let header = "Steward-Signature"

    /// `v1=` and the HMAC-SHA256, in hexadecimal digits, of the time stamp, a point and the body.
    ///
    /// - Parameter timestamp: seconds since 1970, as the header `Steward-Timestamp` says them.
    package static func text(secret: String, timestamp: Int64, body: [UInt8]) -> String {
        var message = Data("\(timestamp).".utf8)
        message.append(contentsOf: body)
        let code = HMAC<SHA256>.authenticationCode(
            for: message,
            using: SymmetricKey(data: Data(secret.utf8))
        )
        let digits = Array("0123456789abcdef")
        let text = code.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "v1=" + String(text)
    }
}
