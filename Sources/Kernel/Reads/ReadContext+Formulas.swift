package import Language
package import Metadata

extension ReadContext {
    /// A global value of formulas that is in no record: `$Permission`, `$System.OriginDateTime`.
    package func value(of global: FormulaGlobal) -> FieldValue {
        switch global.kind {
        case .permission:
            return .boolean(permissions.contains { $0.rawValue == global.path.first })
        // 1900-01-01T00:00Z.
        case .system: return .dateTime(Instant(milliseconds: -2_208_988_800_000))
        case .user, .profile, .userRole, .organization, .label, .customMetadata, .setup, .api,
            .flow, .record, .priorRecord:
            return .null
        }
    }
}
