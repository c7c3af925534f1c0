import CZlib

/// Why bytes could not be compressed or inflated.
package enum CompressionFailure: Error, Hashable, Sendable {
    /// Not in the gzip or zlib format, damaged, or followed by something else.
    case malformed
    /// The compressed bytes end before their format does.
    case incomplete
    /// More would come out than the caller allows.
    case tooLarge(bytesMax: Int)
    /// zlib could not get memory.
    case outOfMemory
}

/// Compresses and inflates whole bodies.
package enum Compression {
    /// Compresses in the gzip format.
    ///
    /// The same bytes always give the same result: no time and no name are put in. The level is 1,
    /// the fastest, to 9, the smallest.
    package static func gzip(
        _ bytes: [UInt8],
        level: Int = 4
    ) throws(CompressionFailure) -> [UInt8] {
        // zlib's state points back at the stream, which therefore must not move.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_begin_gzip(stream, Int32(min(max(level, 1), 9))) == Z_OK else {
            throw .outOfMemory
        }
        defer { deflateEnd(stream) }
        guard let output = bytes.withUnsafeBufferPointer({ deflateWhole($0, with: stream) }) else {
            throw .outOfMemory
        }
        return output
    }

    /// Inflates what is in the gzip or the zlib format, one stream or several after each other.
    ///
    /// `bytesMax` is how large the result may be. It is checked while inflating, so that a small
    /// body cannot fill the memory.
    package static func inflate(
        _ bytes: [UInt8],
        bytesMax: Int
    ) throws(CompressionFailure) -> [UInt8] {
        var stream = try InflateStream(bytesMax: bytesMax)
        var output: [UInt8] = []
        try stream.inflate(bytes, into: &output)
        try stream.finish()
        return output
    }

    private static func deflateWhole(
        _ bytes: UnsafeBufferPointer<UInt8>,
        with stream: UnsafeMutablePointer<z_stream>
    ) -> [UInt8]? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count / 4 + 64)
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: zlibPieceBytes) { scratch in
            var rest = bytes[...]
            while true {
                // zlib counts in 32 bits.
                let piece = rest.prefix(1 << 30)
                rest = rest.dropFirst(piece.count)
                stream.give(UnsafeBufferPointer(rebasing: piece))
                repeat {
                    stream.offer(scratch)
                    let status = deflate(stream, rest.isEmpty ? Z_FINISH : Z_NO_FLUSH)
                    output.append(contentsOf: stream.taken(from: scratch))
                    if status == Z_STREAM_END { return output }
                    guard status == Z_OK || status == Z_BUF_ERROR else { return nil }
                } while stream.pointee.avail_out == 0
                if rest.isEmpty { return nil }
            }
        }
    }
}

/// Inflates a gzip or zlib body as its chunks arrive.
///
/// Sendable because it owns zlib's state alone: it cannot be copied, and nothing else has the
/// pointers.
package struct InflateStream: ~Copyable, @unchecked Sendable {
    private let stream: UnsafeMutablePointer<z_stream>
    private let scratch: UnsafeMutableBufferPointer<UInt8>
    private let bytesMax: Int
    private var byteCount = 0
    /// Whether the format's end was reached and nothing came after it.
    private var isComplete = false

    /// A stream at its beginning, of which at most `bytesMax` bytes may come out over all chunks.
    package init(bytesMax: Int) throws(CompressionFailure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        scratch = .allocate(capacity: zlibPieceBytes)
        self.bytesMax = bytesMax
        guard czlib_begin_inflate(stream) == Z_OK else { throw .outOfMemory }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        scratch.deallocate()
    }

    /// Inflates one chunk and appends what comes out.
    ///
    /// After a failure the stream is of no further use.
    package mutating func inflate(
        _ chunk: [UInt8],
        into output: inout [UInt8]
    ) throws(CompressionFailure) {
        try chunk.withUnsafeBufferPointer { (buffer) throws(CompressionFailure) in
            try inflate(UnsafeRawBufferPointer(buffer), into: &output)
        }
    }

    /// Inflates one chunk and appends what comes out.
    ///
    /// After a failure the stream is of no further use.
    package mutating func inflate(
        _ chunk: UnsafeRawBufferPointer,
        into output: inout [UInt8]
    ) throws(CompressionFailure) {
        var rest = chunk.bindMemory(to: UInt8.self)[...]
        while !rest.isEmpty {
            // zlib counts in 32 bits.
            let piece = rest.prefix(1 << 30)
            rest = rest.dropFirst(piece.count)
            try inflatePiece(UnsafeBufferPointer(rebasing: piece), into: &output)
        }
    }

    /// Says that no more chunks come.
    ///
    /// - Throws: `.incomplete` when the format's end was not reached.
    package mutating func finish() throws(CompressionFailure) {
        guard isComplete else { throw .incomplete }
    }

    private mutating func inflatePiece(
        _ piece: UnsafeBufferPointer<UInt8>,
        into output: inout [UInt8]
    ) throws(CompressionFailure) {
        stream.give(piece)
        while true {
            if isComplete {
                // What follows must be another stream, as RFC 1952 allows.
                guard stream.pointee.avail_in > 0 else { return }
                guard inflateReset(stream) == Z_OK else { throw .malformed }
                isComplete = false
            }
            stream.offer(scratch)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let inflated = stream.taken(from: scratch)
            byteCount += inflated.count
            guard byteCount <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
            output.append(contentsOf: inflated)
            switch status {
            case Z_STREAM_END: isComplete = true
            case Z_OK where stream.pointee.avail_out == 0 || stream.pointee.avail_in > 0: continue
            case Z_OK, Z_BUF_ERROR: return
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .malformed
            }
        }
    }
}

/// How much zlib hands over at once.
private let zlibPieceBytes = 32_768

extension UnsafeMutablePointer<z_stream> {
    /// Sets what zlib reads next; zlib does not write to it.
    fileprivate func give(_ input: UnsafeBufferPointer<UInt8>) {
        pointee.next_in = UnsafeMutablePointer<UInt8>(mutating: input.baseAddress)
        pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
    }

    /// Sets where zlib writes next.
    fileprivate func offer(_ output: UnsafeMutableBufferPointer<UInt8>) {
        pointee.next_out = output.baseAddress
        pointee.avail_out = UInt32(truncatingIfNeeded: output.count)
    }

    /// What zlib has written since `offer`.
    fileprivate func taken(
        from output: UnsafeMutableBufferPointer<UInt8>
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: output[..<(output.count - Int(pointee.avail_out))])
    }
}
