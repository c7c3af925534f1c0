import Kernel
import Metadata

/// Finds the concern that was the first to say what another says.
struct CopySearch {
    /// A concern that was the first.
    struct First: Sendable {
        let id: RecordID
        let name: String
        /// How many that say the same are kept beside it.
        let copies: Int

        /// Counts one more; the number has no weight.
        func count(by writer: RecordWriter) throws {
            let row = try writer.rows("SELECT DuplicateCount FROM Concern WHERE Id = '\(id)'").first
            var count: Int64 = 0
            if case .number(let number)? = row?.first { count = Int64(number.description) ?? 0 }
            try writer.change(
                "Concern",
                id,
                ["DuplicateCount": .number(JSONNumber(min(count + 1, 999_999_999)))]
            )
        }
    }

    private let reader: RecordReader

    init(_ reader: RecordReader) {
        self.reader = reader
    }

    /// The first that says the same and is not closed.
    func first(like sketch: KeptSketch) throws -> First? {
        let digests = sketch.bands.map { "'\($0)'" }.joined(separator: ", ")
        let rows = try reader.rows(
            "SELECT ConcernId, Concern.Name, Concern.SketchDigest FROM ConcernBand "
                + "WHERE Digest IN (\(digests)) AND Concern.IsClosed = false "
                + "ORDER BY Name LIMIT 2000"
        )
        for row in rows where row.count == 3 {
            guard let id = row[0].id, let text = row[2].text,
                sketch.isCopy(of: KeptSketch(text: text))
            else { continue }
            let copies = try reader.rows(
                "SELECT Id FROM Concern WHERE DuplicateOfId = '\(id)' "
                    + "LIMIT \(ConcernDesk.copiesKept)"
            ).count
            return First(id: id, name: row[1].text ?? "", copies: copies)
        }
        return nil
    }
}
