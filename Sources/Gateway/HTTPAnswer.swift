import HTTPTypes
import HummingbirdCore
import NIOCore

/// An answer on its way back to HTTP.
enum HTTPAnswer {
    /// Below this, compressing costs more than it saves.
    private static let compressedFromBytes = 1_024

    /// The HTTP response, with a body that is written at once.
    ///
    /// `isHead`: whether the body is only to be announced.
    static func response(
        _ answer: APIResponse,
        acceptEncoding: String?,
        isHead: Bool
    ) -> Response {
        var fields = HTTPFields()
        for header in answer.headers {
            guard let name = HTTPField.Name(header.name) else { continue }
            fields.append(HTTPField(name: name, value: header.value))
        }
        let status = HTTPResponse.Status(code: answer.status)
        guard mayHaveBody(answer.status) else {
            var response = Response(status: status, headers: fields)
            response.headers[.contentLength] = nil
            return response
        }
        if let contentType = answer.contentType { fields[.contentType] = contentType }
        let body = compressed(answer, acceptEncoding, &fields)
        fields[.contentLength] = String(body.count)
        guard !isHead else { return Response(status: status, headers: fields) }
        return Response(
            status: status,
            headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))
        )
    }

    private static func mayHaveBody(_ status: Int) -> Bool {
        status != HTTPStatus.noContent && status != HTTPStatus.notModified
    }

    private static func compressed(
        _ answer: APIResponse,
        _ acceptEncoding: String?,
        _ fields: inout HTTPFields
    ) -> [UInt8] {
        guard answer.body.count > compressedFromBytes, fields[.contentEncoding] == nil,
            isCompressible(answer.contentType)
        else { return answer.body }
        fields.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        guard ContentCoding.negotiated(acceptEncoding: acceptEncoding) == .gzip,
            let body = try? Compression.gzip(answer.body), body.count < answer.body.count
        else { return answer.body }
        fields[.contentEncoding] = "gzip"
        return body
    }

    private static func isCompressible(_ contentType: String?) -> Bool {
        guard let type = contentType?.prefix(while: { $0 != ";" }).lowercased() else {
            return false
        }
        return type.hasPrefix("text/") || type.hasSuffix("json") || type.hasSuffix("xml")
            || type.hasSuffix("javascript")
    }
}
