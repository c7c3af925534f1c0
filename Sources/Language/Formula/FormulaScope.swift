package import Metadata

/// What the names of a formula may mean, and which functions the place of the formula allows.
package struct FormulaScope: Sendable {
    /// How blank numbers count.
    package enum Blanks: String, Sendable, Hashable {
        case asZero = "BlankAsZero"
        case asBlank = "BlankAsBlank"
    }

    package enum Variable: Sendable {
        case value(FormulaType)
        /// A record: its fields are named behind a dot.
        case record(ObjectDefinition)
    }

    package let schema: OrgSchema
    /// The object whose fields can be named without a prefix; `nil` for none.
    package let object: ObjectDefinition?
    /// By the name as declared; case does not matter.
    package var variables: [String: Variable]
    package var globals: Set<FormulaGlobal.Kind>
    package var blanks: Blanks
    /// Whether there is an earlier version of the record: `PRIORVALUE`, `ISCHANGED`, `ISNEW`.
    package var hasPriorRecord: Bool

    package init(
        schema: OrgSchema,
        object: ObjectDefinition?,
        variables: [String: Variable] = [:],
        globals: Set<FormulaGlobal.Kind> = FormulaScope.recordGlobals,
        blanks: Blanks = .asBlank,
        hasPriorRecord: Bool = false
    ) {
        self.schema = schema
        self.object = object
        self.variables = variables
        self.globals = globals
        self.blanks = blanks
        self.hasPriorRecord = hasPriorRecord
    }

    /// What formulas about records may name.
    package static let recordGlobals: Set<FormulaGlobal.Kind> = [
        .user, .profile, .userRole, .organization, .permission, .label, .customMetadata, .setup,
        .system, .api, .record, .priorRecord,
    ]
}
