package org.iommulab.ui.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @TempDir private Path home;

  private Settings settings() {
    return new Settings(new Folders(home.resolve("config"), home.resolve("state")));
  }

  @Test
  void whatIsSavedComesBack() {
    Settings before = settings();
    before.put("theme", "DARK");
    before.put("scale", 1.5);
    before.put("recent", List.of("/a", "/b"));
    before.put("window.maximized", true);
    assertThat(before.save()).isTrue();
    Settings after = settings();
    assertThat(after.text("theme", "")).isEqualTo("DARK");
    assertThat(after.number("scale", 1)).isEqualTo(1.5);
    assertThat(after.list("recent")).containsExactly("/a", "/b");
    assertThat(after.flag("window.maximized", false)).isTrue();
    assertThat(after.text("never", "default")).isEqualTo("default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ not json", "[1,2,3]", "7", "null", "\"text\"", "", "{\"a\":1,"})
  void whateverIsNoObjectIsPutAsideAndDefaultsHold(String content) throws IOException {
    Path file = home.resolve("config/settings.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    assertThat(settings().number("scale", 1)).isEqualTo(1);
    assertThat(file.resolveSibling("settings.json.unreadable")).hasContent(content);
    assertThat(file).doesNotExist();
  }

  @Test
  void numbersThatAreNoneAreTheDefault() throws IOException {
    Path file = home.resolve("config/settings.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{\"scale\":1e999,\"window.width\":\"NaN\",\"x\":[2]}");
    Settings read = settings();
    assertThat(
            List.of(read.number("scale", 1), read.number("window.width", 9), read.number("x", 3)))
        .containsExactly(1.0, 9.0, 3.0);
  }

  @Test
  void homeOfTheEnvironmentGoesBeforeThatOfTheAccount() {
    var folders = Folders.ofUser(Map.of("HOME", "/tmp/other"), Path.of("/home/me"));
    assertThat(folders.config()).isEqualTo(Path.of("/tmp/other/.config/iommu-lab"));
    assertThat(folders.state()).isEqualTo(Path.of("/tmp/other/.local/state/iommu-lab"));
  }

  @Test
  void foldersFollowTheEnvironment() {
    var folders = Folders.ofUser(Map.of("XDG_CONFIG_HOME", "/x/config"), Path.of("/home/me"));
    assertThat(folders.config()).isEqualTo(Path.of("/x/config/iommu-lab"));
    assertThat(folders.state()).isEqualTo(Path.of("/home/me/.local/state/iommu-lab"));
  }
}
