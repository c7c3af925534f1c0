/// A named list of an object's records: which, in which columns and order.
package struct ListViewDefinition: Sendable {
    package let object: APIName
    package let developerName: APIName
    package let label: String
    /// `Everything`, `Mine`, or `Queue` with the queue's name in `queue`.
    package let filterScope: String
    package let queue: APIName?
    /// A SOQL condition, or none.
    package let filter: String?
    /// Field paths.
    package let columns: [String]
    /// SOQL order keys, or none.
    package let orderBy: String?

    package init(
        object: APIName,
        developerName: APIName,
        label: String,
        filterScope: String,
        queue: APIName?,
        filter: String?,
        columns: [String],
        orderBy: String?
    ) {
        self.object = object
        self.developerName = developerName
        self.label = label
        self.filterScope = filterScope
        self.queue = queue
        self.filter = filter
        self.columns = columns
        self.orderBy = orderBy
    }
}

/// How one record of an object is laid out: sections of fields and related lists.
package struct LayoutDefinition: Sendable {
    package struct Section: Sendable {
        package let label: String
        package let columns: Int
        package let fields: [APIName]

        package init(label: String, columns: Int, fields: [APIName]) {
            self.label = label
            self.columns = columns
            self.fields = fields
        }
    }

    package struct RelatedList: Sendable {
        package let relationship: APIName
        package let fields: [String]

        package init(relationship: APIName, fields: [String]) {
            self.relationship = relationship
            self.fields = fields
        }
    }

    package let object: APIName
    package let name: String
    /// The record type it is for; `nil`: all others.
    package let recordType: APIName?
    package let sections: [Section]
    package let relatedLists: [RelatedList]

    package init(
        object: APIName,
        name: String,
        recordType: APIName?,
        sections: [Section],
        relatedLists: [RelatedList]
    ) {
        self.object = object
        self.name = name
        self.recordType = recordType
        self.sections = sections
        self.relatedLists = relatedLists
    }
}

/// A named set of tabs.
package struct AppDefinition: Sendable {
    package let developerName: APIName
    package let label: String
    package let description: String?
    /// Objects, in the order of their tabs.
    package let tabs: [APIName]

    package init(developerName: APIName, label: String, description: String?, tabs: [APIName]) {
        self.developerName = developerName
        self.label = label
        self.description = description
        self.tabs = tabs
    }
}
