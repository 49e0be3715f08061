package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.player.PresetPlayer;

/** What the palette finds: actions, presets, devices and addresses. */
final class PaletteModel {

  /**
   * One line of the palette.
   *
   * @param text what it is
   * @param detail shortcut, or why it cannot be done
   * @param possible false if choosing it does nothing
   */
  record Entry(String text, String detail, boolean possible, Runnable chosen) {}

  /**
   * A device a search can find.
   *
   * @param source its requester id
   * @param name its name on the machine
   */
  record FoundDevice(SourceId source, String name) {}

  private static final int MOST = 60;

  private final Actions actions;
  private final Texts texts;
  private final PresetPlayer player;
  private final Selection selection;
  private final WordForms words;
  private List<FoundDevice> devices = List.of();

  @Inject
  PaletteModel(
      Actions actions, Texts texts, PresetPlayer player, Selection selection, WordForms words) {
    this.words = words;
    this.actions = actions;
    this.texts = texts;
    this.player = player;
    this.selection = selection;
  }

  /** The devices of a laboratory's machine. */
  static List<FoundDevice> devices(LabView view) {
    return view.machine().map(machine -> machine.devices()).orElse(List.of()).stream()
        .map(device -> new FoundDevice(device.source(), device.name()))
        .toList();
  }

  /** The devices there are now. */
  void setDevices(List<FoundDevice> present) {
    devices = present;
  }

  /** What fits the words typed so far, the best first. */
  List<Entry> find(String query) {
    String wanted = query.strip().toLowerCase(Locale.ROOT);
    var found = new ArrayList<Entry>();
    addAddresses(wanted, found);
    for (FoundDevice device : devices) {
      add(
          found,
          wanted,
          new Entry(
              texts.get("palette.device", device.source().toString(), device.name()),
              "",
              true,
              () -> selection.select(new Selected.Device(device.source()))));
    }
    actions.all().forEach(action -> add(found, wanted, entry(action)));
    Presets.all()
        .forEach(
            preset ->
                add(
                    found,
                    wanted,
                    new Entry(
                        texts.get(
                            "palette.preset", preset.title().in(texts.locale().getLanguage())),
                        preset.name(),
                        true,
                        () -> player.load(preset, 1))));
    for (String op : words.ops()) {
      add(found, wanted, new Entry(words.label(op) + "…", op, true, () -> words.open(op)));
    }
    return found.subList(0, Math.min(MOST, found.size()));
  }

  private void addAddresses(String wanted, List<Entry> found) {
    boolean looksLikeOne = wanted.length() > 1 && wanted.chars().anyMatch(Character::isDigit);
    var address = Hex.address(wanted);
    if (!looksLikeOne || address.isEmpty()) {
      return;
    }
    long at = address.getAsLong();
    for (FoundDevice device : devices) {
      found.add(
          new Entry(
              texts.get("palette.iova", Hex.group(at), device.source().toString()),
              device.name(),
              true,
              () -> selection.select(new Selected.Address(device.source(), at))));
    }
    found.add(
        new Entry(
            texts.get("palette.memory", Hex.group(at)),
            "",
            true,
            () -> selection.select(new Selected.Bytes(at, 8))));
  }

  private Entry entry(Action action) {
    String reason = action.blocked().getValue();
    String keys = action.shortcutText();
    return new Entry(
        texts.get(action.textKey()),
        action.isPossible() ? keys : texts.get(reason),
        action.isPossible(),
        action::run);
  }

  private static void add(List<Entry> found, String wanted, Entry entry) {
    if (fits(entry.text() + " " + entry.detail(), wanted)) {
      found.add(entry);
    }
  }

  /** Every word typed occurs, in any order. */
  private static boolean fits(String text, String wanted) {
    String lower = text.toLowerCase(Locale.ROOT);
    for (String word : wanted.split("\\s+", -1)) {
      if (!lower.contains(word)) {
        return false;
      }
    }
    return true;
  }
}
