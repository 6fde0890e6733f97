import JSONWire
import TestKit
import Testing

/// The recipes in config/recipes: each is tested offline, checked, and listed in docs/recipes.md.
@Suite struct RecipesTests {
    private static let folder = PackageRoot.path("config/recipes")
    private static let recipes: [String] = {
        do throws(KitError) {
            return try Files.entries(folder).map(\.name)
                .filter { $0.hasSuffix(".yml") && !$0.hasSuffix(".test.yml") }.sorted()
        } catch {
            return []
        }
    }()

    /// Every variable that a recipe names.
    private static let environment = [
        "PUBLIC_URL": "https://hooks.example.com", "REPLICATE_API_TOKEN": "t", "FAL_KEY": "k",
        "STRIPE_SECRET_KEY": "s", "CHAT_WEBHOOK": "https://chat.example.com/hook",
        "ORDERS_URL": "http://orders.internal/in", "HANDLER_URL": "http://alarms.internal/sns",
        "FORM_URL": "https://intranet.example.com/approve",
        "PAYMENTS_URL": "http://payments.internal/",
        "JOBS_URL": "https://jobs.example.com/jobs",
        "CONVERT_URL": "https://convert.example.com",
    ]

    @Test func `there are recipes`() {
        #expect(Self.recipes.count >= 11)
    }

    /// Recipes leave out who may send, so that they run as they are.
    @Test(arguments: recipes)
    func `a recipe's configuration has no errors, and no warnings but of who may send`(
        _ recipe: String
    ) throws {
        let checked = try Sluice(
            ["check", "--json", "-f", recipe],
            environment: Self.environment,
            directory: Self.folder
        )
        #expect(checked.status == .exited(0), "\(checked.output)\(checked.errors)")
        guard case .array(let findings) = try checked.json else {
            throw KitError.malformed("no findings")
        }
        let told = findings.filter { $0["severity"]?.string != "note" }.filter {
            $0["message"]?.string?.hasPrefix("anybody who reaches ") != true
        }
        #expect(told.isEmpty, "\(checked.output)")
    }

    @Test(arguments: recipes)
    func `a recipe passes the tests beside it`(_ recipe: String) throws {
        let tests = recipe.replacing(".yml", with: ".test.yml")
        let result = try Sluice(["test", tests], directory: Self.folder)
        #expect(result.status == .exited(0), "\(result.output)\(result.errors)")
    }

    @Test func `every recipe is on the page`() throws {
        let page = try Files.text(PackageRoot.path("docs/recipes.md"))
        for recipe in Self.recipes {
            #expect(page.contains("(../config/recipes/\(recipe))"), "\(recipe)")
        }
    }
}
