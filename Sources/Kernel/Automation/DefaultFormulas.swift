import Language
import Metadata

// Default values that are worked out when a record is created.
extension SaveOrder {
    /// Gives new records what the default formulas of fields that were not sent come to.
    ///
    /// A default names no field of the record, so all records of a save get the same.
    func applyDefaultFormulas(_ batch: inout SaveBatch) throws {
        let fields = object.fields.filter { $0.defaultFormula != nil }
        guard !fields.isEmpty, batch.entries.contains(where: { $0.isSound && $0.isCreated }) else {
            return
        }
        var values: [(field: FieldDefinition, value: Result<FieldValue, RecordError>)] = []
        for field in fields {
            guard let formula = field.defaultFormula else { continue }
            values.append((field, try defaultValue(formula, of: field)))
        }
        batch.forEachSound { entry in
            guard entry.isCreated else { return }
            for (field, value) in values where entry.input[field.index] == nil {
                switch value {
                case .success(let value): entry.next?[field] = value
                case .failure(let error): entry.errors.append(error)
                }
            }
        }
    }

    private func defaultValue(
        _ formula: DefaultFormula,
        of field: FieldDefinition
    ) throws -> Result<FieldValue, RecordError> {
        func refused(_ message: String) -> RecordError {
            RecordError(
                .fieldIntegrityException,
                "\(field.label): the default value has no value: \(message)",
                fields: [field.name]
            )
        }
        let compiled: ResolvedFormula
        do throws(FormulaError) {
            compiled = try writer.snapshot.formulas.formula(default: formula, of: field, on: object)
        } catch {
            return .failure(refused(error.message))
        }
        let nothing = RecordChange(
            before: nil,
            after: StoredRecord(id: RecordID(number: 0), values: [])
        )
        let formulas = try RecordFormulas([compiled], of: object, for: [nothing], reader: writer)
        do throws(FormulaFailure) {
            let json = FlowConversion.json(try formulas.value(of: compiled, at: 0))
            do throws(RecordError) {
                return .success(
                    try InputDecoding(field: field, secrets: writer.secrets).value(json)
                )
            } catch {
                return .failure(error)
            }
        } catch {
            return .failure(refused(error.message))
        }
    }
}
