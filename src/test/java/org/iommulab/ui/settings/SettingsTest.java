package org.iommulab.ui.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void anUnreadableFileIsPutAsideAndDefaultsHold() throws IOException {
    Path file = home.resolve("config/settings.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{ not json");
    assertThat(settings().number("scale", 1)).isEqualTo(1);
    assertThat(file.resolveSibling("settings.json.unreadable")).hasContent("{ not json");
  }

  @Test
  void foldersFollowTheEnvironment() {
    var folders = Folders.ofUser(Map.of("XDG_CONFIG_HOME", "/x/config"), Path.of("/home/me"));
    assertThat(folders.config()).isEqualTo(Path.of("/x/config/iommu-lab"));
    assertThat(folders.state()).isEqualTo(Path.of("/home/me/.local/state/iommu-lab"));
  }
}
