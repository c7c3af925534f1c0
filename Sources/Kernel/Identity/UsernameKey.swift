import Foundation

/// How usernames are compared: without regard to letter case, or to how accents are composed.
enum UsernameKey {
    static func fold(_ username: String) -> String {
        username.trimmingCharacters(in: .whitespaces)
            .lowercased()
            .precomposedStringWithCanonicalMapping
    }
}
