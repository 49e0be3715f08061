package org.iommulab.ui.workbench;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iommulab.bits.Field;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.lab.run.call.Function;
import org.iommulab.lab.run.call.Functions;
import org.iommulab.lab.script.Presets;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.action.Action;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.form.WordForms;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.view.lookup.UnitFacts;
import org.iommulab.vtd.layout.Register;
import org.iommulab.vtd.layout.RegisterLayouts;

/** What the palette finds, by group, the group a person most likely means first. */
@Singleton
final class PaletteModel {

  /** What an entry is; each has a heading of its own. */
  enum Group {
    ADDRESSES,
    DEVICES,
    COMMANDS,
    REGISTERS,
    FIELDS,
    FUNCTIONS,
    PRESETS,
    OPERATIONS
  }

  /** A line of the palette. */
  sealed interface Line {}

  /**
   * The heading of a group.
   *
   * @param found how many fit, more perhaps than are listed
   */
  record Heading(Group group, int found) implements Line {}

  /**
   * Something to choose.
   *
   * @param text what it is
   * @param detail shortcut, or why it cannot be done
   * @param possible false if choosing it does nothing
   */
  record Entry(Group group, String text, String detail, boolean possible, Runnable chosen)
      implements Line {}

  /**
   * A device a search can find.
   *
   * @param source its requester id
   * @param name its name on the machine
   */
  record FoundDevice(SourceId source, String name) {}

  /**
   * What there is to find in the present state.
   *
   * @param devices of the machine
   * @param registers of the unit that is shown
   */
  record Found(List<FoundDevice> devices, List<Register> registers) {

    static final Found NOTHING = new Found(List.of(), List.of());

    static Found in(LabView view) {
      return new Found(
          view.machine().map(machine -> machine.devices()).orElse(List.of()).stream()
              .map(device -> new FoundDevice(device.source(), device.name()))
              .toList(),
          RegisterLayouts.existing(UnitFacts.features(view)));
    }
  }

  /** Lines of one group while there are others to see as well. */
  private static final int MOST_OF_A_GROUP = 12;

  private final Actions actions;
  private final Texts texts;
  private final PresetPlayer player;
  private final Selection selection;
  private final WordForms words;
  private final LabModel lab;
  private Found present = Found.NOTHING;

  @Inject
  PaletteModel(
      Actions actions,
      Texts texts,
      PresetPlayer player,
      Selection selection,
      WordForms words,
      LabModel lab) {
    this.actions = actions;
    this.texts = texts;
    this.player = player;
    this.selection = selection;
    this.words = words;
    this.lab = lab;
  }

  /** What there is now. */
  void setPresent(Found found) {
    present = found;
  }

  /** What fits the words typed so far, group by group. */
  List<Line> find(String query) {
    String wanted = query.strip().toLowerCase(Locale.ROOT);
    var groups = new EnumMap<Group, List<Entry>>(Group.class);
    addAddresses(wanted, groups);
    everything().stream()
        .filter(entry -> fits(entry.text() + " " + entry.detail(), wanted))
        .forEach(entry -> add(groups, entry));
    int most = groups.size() == 1 ? Integer.MAX_VALUE : MOST_OF_A_GROUP;
    var lines = new ArrayList<Line>();
    groups.forEach(
        (group, entries) -> {
          lines.add(new Heading(group, entries.size()));
          lines.addAll(entries.subList(0, Math.min(most, entries.size())));
        });
    return lines;
  }

  private static void add(Map<Group, List<Entry>> groups, Entry entry) {
    groups.computeIfAbsent(entry.group(), group -> new ArrayList<>()).add(entry);
  }

  private List<Entry> everything() {
    var all = new ArrayList<Entry>();
    for (FoundDevice device : present.devices()) {
      all.add(
          entry(
              Group.DEVICES,
              device.source() + "  " + device.name(),
              "",
              () -> selection.select(new Selected.Device(device.source()))));
    }
    actions.all().forEach(action -> all.add(entry(action)));
    for (Register register : present.registers()) {
      addRegister(register, all);
    }
    for (List<Function> chapter : Functions.byChapter().values()) {
      for (Function function : chapter) {
        all.add(
            entry(
                Group.FUNCTIONS,
                function.name() + "()",
                function.does(),
                () -> words.open("call", Map.of("fn", function.name()))));
      }
    }
    Presets.all()
        .forEach(
            preset ->
                all.add(
                    entry(
                        Group.PRESETS,
                        preset.title().in(texts.locale().getLanguage()),
                        preset.name(),
                        () -> player.load(preset, 1))));
    for (String op : words.ops()) {
      all.add(entry(Group.OPERATIONS, words.label(op) + "…", op, () -> words.open(op)));
    }
    return all;
  }

  private void addRegister(Register register, List<Entry> all) {
    Runnable show =
        () -> {
          selection.select(new Selected.Register(lab.subject().unit(), register.name()));
          actions.get("show-inspector").run();
        };
    all.add(entry(Group.REGISTERS, register.name(), register.access().text(), show));
    for (Field field : register.layout().fields()) {
      if (field.kind() != Field.Kind.RESERVED && field.kind() != Field.Kind.IGNORED) {
        all.add(
            entry(
                Group.FIELDS,
                register.name() + "." + field.name(),
                texts.get("palette.bits", field.high(), field.low(), bits(field)),
                show));
      }
    }
  }

  private static int bits(Field field) {
    return field.high() - field.low() + 1;
  }

  private void addAddresses(String wanted, Map<Group, List<Entry>> groups) {
    boolean looksLikeOne = wanted.length() > 1 && wanted.chars().anyMatch(Character::isDigit);
    var address = Hex.address(wanted);
    if (!looksLikeOne || address.isEmpty()) {
      return;
    }
    long at = address.getAsLong();
    for (FoundDevice device : present.devices()) {
      add(
          groups,
          entry(
              Group.ADDRESSES,
              texts.get("palette.iova", Hex.group(at), device.source().toString()),
              device.name(),
              () -> selection.select(new Selected.Address(device.source(), at))));
    }
    add(
        groups,
        entry(
            Group.ADDRESSES,
            texts.get("palette.memory", Hex.group(at)),
            "",
            () -> {
              selection.select(new Selected.Bytes(at, 8));
              actions.get("show-memory").run();
            }));
  }

  private static Entry entry(Group group, String text, String detail, Runnable chosen) {
    return new Entry(group, text, detail, true, chosen);
  }

  private Entry entry(Action action) {
    String reason = action.blocked().getValue();
    return new Entry(
        Group.COMMANDS,
        texts.get(action.textKey()),
        action.isPossible() ? action.shortcutText() : texts.get(reason),
        action.isPossible(),
        action::run);
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
