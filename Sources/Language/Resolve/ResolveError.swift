/// Why a well-formed query does not fit the org's schema.
package struct ResolveError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case invalidField, invalidType, malformedQuery, invalidQueryFilterOperator
        case numberOutsideValidRange
    }

    package let kind: Kind
    /// What is wrong and what would be right, without the place.
    package let detail: String
    package let span: SourceSpan?

    package init(_ kind: Kind, _ detail: String, at span: SourceSpan?) {
        self.kind = kind
        self.detail = detail
        self.span = span
    }
}

extension ResolveError {
    static func noColumn(_ name: String, on object: String, at span: SourceSpan?) -> ResolveError {
        ResolveError(
            .invalidField,
            "No such column '\(name)' on entity '\(object)'. If you are attempting to use a custom "
                + "field, be sure to append the '__c' after the custom field name. Please reference "
                + "your WSDL or the describe call for the appropriate names.",
            at: span
        )
    }

    static func noRelationship(_ name: String, at span: SourceSpan?) -> ResolveError {
        ResolveError(
            .invalidField,
            "Didn't understand relationship '\(name)' in field path. If you are attempting to use a "
                + "custom relationship, be sure to append the '__r' after the custom relationship "
                + "name. Please reference your WSDL or the describe call for the appropriate names.",
            at: span
        )
    }

    static func noChildRelationship(_ name: String, at span: SourceSpan?) -> ResolveError {
        ResolveError(
            .invalidType,
            "Didn't understand relationship '\(name)' in FROM part of query call. If you are "
                + "attempting to use a custom relationship, be sure to append the '__r' after the "
                + "custom relationship name. Please reference your WSDL or the describe call for the "
                + "appropriate names.",
            at: span
        )
    }

    static func noObject(_ name: String, at span: SourceSpan?) -> ResolveError {
        ResolveError(
            .invalidType,
            "sObject type '\(name)' is not supported. If you are attempting to use a custom object, "
                + "be sure to append the '__c' after the entity name. Please reference your WSDL or "
                + "the describe call for the appropriate names.",
            at: span
        )
    }

    static func malformed(_ detail: String, at span: SourceSpan?) -> ResolveError {
        ResolveError(.malformedQuery, detail, at: span)
    }
}
