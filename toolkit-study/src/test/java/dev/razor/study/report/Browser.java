package dev.razor.study.report;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// This machine's Chromium without a window, driven through its chromedriver. Where either is absent, tests that
/// need it are skipped; with `-Drazor.requireBrowser=true` they fail instead.
final class Browser implements AutoCloseable {

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    static Browser start() {
        Path driver = find("chromedriver");
        Path chromium = find("chromium", "chromium-browser", "google-chrome", "chrome");
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        // the container's own user is root, whom Chromium's sandbox refuses
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
        options.addArguments("--disable-dev-shm-usage", "--window-size=1100,900");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.ALL);
        logs.enable("performance", Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Path find(String... names) {
        Optional<Path> found = Arrays.stream(names)
                .flatMap(name -> Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator, -1))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String missing = "no %s on the PATH: apt install chromium chromium-driver".formatted(names[0]);
            if (Boolean.getBoolean("razor.requireBrowser")) {
                throw new IllegalStateException(missing);
            }
            abort(missing);
        }
        return found.orElseThrow();
    }

    /// Opens a page as a reader would: in light colours, in a window of 1100 by 900, with scripts.
    void open(URI page) {
        command("Emulation.clearDeviceMetricsOverride", Map.of());
        command("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        media("", "light");
        problems();
        requests();
        driver.get("about:blank");
        driver.get(page.toString());
    }

    /// Shows what follows as on `screen` or on paper (`print`), to a reader who prefers `light` or `dark`.
    void media(String medium, String colours) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("media", medium, "features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /// A window of so many pixels, of a phone that can be touched.
    void phone(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 2, "mobile", true));
    }

    void command(String name, Map<String, Object> arguments) {
        driver.executeCdpCommand(name, arguments);
    }

    Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    double number(String script, Object... arguments) {
        return ((Number) run(script, arguments)).doubleValue();
    }

    WebElement one(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<String> texts(String selector) {
        return driver.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .toList();
    }

    /// Points at a place of `element`, counted from its middle.
    void point(WebElement element, int right, int down) {
        new Actions(driver)
                .moveToElement(element, right, down)
                .pause(Duration.ofMillis(50))
                .perform();
    }

    /// Warnings and errors of the page since the last call.
    List<String> problems() {
        return StreamSupport.stream(driver.manage().logs().get("browser").spliterator(), false)
                .map(LogEntry::getMessage)
                .toList();
    }

    /// What the page has asked for since the last call, data in the page itself aside.
    List<String> requests() {
        return StreamSupport.stream(driver.manage().logs().get("performance").spliterator(), false)
                .map(entry -> JsonMapper.shared().readTree(entry.getMessage()).path("message"))
                .filter(message -> message.path("method").asString("").equals("Network.requestWillBeSent"))
                .map(message -> message.path("params").path("request").path("url"))
                .map(JsonNode::asString)
                .filter(url -> !url.startsWith("data:") && !url.equals("about:blank"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
