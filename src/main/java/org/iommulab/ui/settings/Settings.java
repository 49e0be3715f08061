package org.iommulab.ui.settings;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Named values kept in {@code settings.json}. An unreadable file is put aside as {@code
 * settings.json.unreadable} and the program starts with its defaults.
 */
@Singleton
public final class Settings {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Settings take a few kilobytes; anything this large is none of ours. */
  private static final long LARGEST = 1 << 20;

  private final Path file;
  private final ObjectNode values;

  /** Reads the settings of these folders. */
  @Inject
  public Settings(Folders folders) {
    file = folders.config().resolve("settings.json");
    values = read(file);
  }

  private static ObjectNode read(Path file) {
    try {
      if (!Files.exists(file)) {
        return JSON.createObjectNode();
      }
      if (Files.size(file) <= LARGEST
          && JSON.readTree(Files.readString(file)) instanceof ObjectNode read) {
        return read;
      }
      putAside(file);
    } catch (IOException | JacksonException e) {
      putAside(file);
    }
    return JSON.createObjectNode();
  }

  private static void putAside(Path file) {
    try {
      Path aside = file.resolveSibling(file.getFileName() + ".unreadable");
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Then it is overwritten by the next save: there was nothing readable in it.
    }
  }

  /** A text, or the default if it was never set. */
  public String text(String key, String otherwise) {
    return values.path(key).asString(otherwise);
  }

  /** A finite number, or the default if it was never set. */
  public double number(String key, double otherwise) {
    double value = values.path(key).asDouble(otherwise);
    return Double.isFinite(value) ? value : otherwise;
  }

  /** A yes or no, or the default if it was never set. */
  public boolean flag(String key, boolean otherwise) {
    return values.path(key).asBoolean(otherwise);
  }

  /** A list of texts, empty if it was never set. */
  public List<String> list(String key) {
    var texts = new ArrayList<String>();
    for (JsonNode node : values.path(key)) {
      texts.add(node.asString(""));
    }
    return texts;
  }

  /** Remembers a text. */
  public void put(String key, String value) {
    values.put(key, value);
  }

  /** Remembers a number. */
  public void put(String key, double value) {
    values.put(key, value);
  }

  /** Remembers a yes or no. */
  public void put(String key, boolean value) {
    values.put(key, value);
  }

  /** Remembers a list of texts. */
  public void put(String key, List<String> texts) {
    var array = values.putArray(key);
    texts.forEach(array::add);
  }

  /** Forgets a value. */
  public void remove(String key) {
    values.remove(key);
  }

  /** Writes everything to disk; false if that is not possible, which harms nothing else. */
  public boolean save() {
    try {
      SafeFile.write(file, values.toPrettyString() + System.lineSeparator());
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
