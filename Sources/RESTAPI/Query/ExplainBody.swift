import Gateway
import Kernel
import Metadata

/// How a query would be run: `{plans, sourceQuery}`.
enum ExplainBody {
    static func response(_ explanation: QueryExplanation) -> APIResponse {
        .json { writer in
            writer.beginObject()
            writer.key("plans")
            writer.beginArray()
            for plan in explanation.plans {
                writer.beginObject()
                writer.member("cardinality", plan.cardinality)
                writer.key("fields")
                writer.strings(plan.fields)
                writer.member("leadingOperationType", plan.operation)
                writer.key("notes")
                writer.beginArray()
                for note in plan.notes {
                    writer.beginObject()
                    writer.member("description", note)
                    writer.emptyList("fields")
                    writer.member("tableEnumOrId", plan.object.name.text)
                    writer.endObject()
                }
                writer.endArray()
                writer.key("relativeCost")
                writer.double(plan.relativeCost)
                writer.member("sobjectCardinality", plan.objectCardinality)
                writer.member("sobjectType", plan.object.name.text)
                writer.endObject()
            }
            writer.endArray()
            writer.member("sourceQuery", explanation.source)
            writer.endObject()
        }
    }
}
