/// How many records an org has, by product, and how many users.
package struct RecordCounts: Sendable, Hashable {
    package let products: [String: Int]
    package let users: Int

    package init(products: [String: Int], users: Int) {
        self.products = products
        self.users = users
    }
}
