/// What a witness answers a log.
///
/// Source: C2SP tlog-witness, "add-checkpoint". Each case names the HTTP status that stands for it
/// there; statuses themselves are the gateway's.
package enum CosignAnswer: Hashable, Sendable {
    /// 200: the witness vouches for the checkpoint. The body is the signature lines.
    case cosigned([NoteSignature])
    /// 400: the request is not in its form.
    case malformed(LogFormatError)
    /// 400: the old size is larger than the checkpoint's.
    case oldSizeTooLarge
    /// 403: no key that the witness knows of the log has signed the checkpoint.
    case notSigned
    /// 404: the witness does not follow this log.
    case unknownLog
    /// 409: the witness cosigned another size last. The body is that size and a newline, as
    /// `text/x.tlog.size`.
    case conflict(size: Int)
    /// 409: the checkpoint has the size of the one cosigned last, but another root. The body is as
    /// above. The log has signed two trees of one size, and the request proves it.
    case rootsDiffer(size: Int)
    /// 422: the proof does not show that the checkpoint extends the one cosigned last.
    case notConsistent
}

extension CosignAnswer {
    /// The body that goes with the answer, where there is one.
    package var body: String? {
        switch self {
        case .cosigned(let signatures): signatures.map { "\($0)\n" }.joined()
        case .conflict(let size), .rootsDiffer(let size): "\(size)\n"
        case .malformed, .oldSizeTooLarge, .notSigned, .unknownLog, .notConsistent: nil
        }
    }

    /// Reads the signature lines of a witness's answer.
    package static func signatures(in body: String) throws(LogFormatError) -> [NoteSignature] {
        guard body.utf8.last == 0x0a else {
            throw LogFormatError("cosignatures", "body", "does not end with a newline")
        }
        let lines = body.utf8.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= SignedNote.signaturesMax else {
            throw LogFormatError("cosignatures", "body", "has \(lines.count) lines")
        }
        var signatures: [NoteSignature] = []
        for line in lines {
            signatures.append(try NoteSignature(Substring(line)))
        }
        return signatures
    }
}
