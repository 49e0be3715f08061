package org.iommulab.evidence.casefile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.iommulab.acpi.Dmar;
import org.iommulab.evidence.BadEvidence;
import org.iommulab.evidence.Evidence;
import org.iommulab.evidence.Snapshot;
import org.iommulab.evidence.archive.Archive;
import org.iommulab.evidence.casefile.Case.SourceFile;
import org.iommulab.evidence.context.Groups;
import org.iommulab.evidence.context.Interrupts;
import org.iommulab.evidence.context.IoMemory;
import org.iommulab.evidence.context.KernelConfig;
import org.iommulab.evidence.context.PciList;
import org.iommulab.evidence.firmware.TableText;
import org.iommulab.evidence.kind.Content;
import org.iommulab.evidence.kind.Kind;
import org.iommulab.evidence.log.KernelLog;
import org.iommulab.evidence.trace.Trace;
import org.iommulab.progress.FileInput;
import org.iommulab.progress.ScratchFolder;
import org.iommulab.words.Bilingual;
import org.iommulab.words.WhyNot;
import org.jspecify.annotations.Nullable;

/** Looks through files, reads each as what it is, and puts a case together. */
final class CaseReader {

  private static final int DEPTH = 12;
  private static final int MOST_FILES = 20_000;
  private static final int LARGEST_TEXT = 64 << 20;
  private static final int MOST_NOTES = 40;
  private static final int LARGEST_KEPT = 1 << 20;
  private static final int MOST_KEPT = 64;

  private final List<Path> paths;
  private final Path path;
  private final List<SourceFile> files = new ArrayList<>();
  private final List<Snapshot> snapshots = new ArrayList<>();
  private final List<KernelLog> logs = new ArrayList<>();
  private final List<Bilingual> notes = new ArrayList<>();
  private final List<Trace> traces = new ArrayList<>();
  private final Map<String, String> texts = new LinkedHashMap<>();
  private final Set<String> dumpFolders = new HashSet<>();
  private final Set<String> names = new HashSet<>();

  /** Files that were named one by one and belong together. */
  private final List<Path> looseTexts = new ArrayList<>();

  private final List<Path> looseDumps = new ArrayList<>();
  private final List<Path> looseRegisters = new ArrayList<>();
  private boolean debugfs;
  private Path root;

  /** The longest log without a word about remapping: it counts where there is no other. */
  private @Nullable KernelLog silent;

  private @Nullable Dmar dmar;
  private @Nullable PciList devices;
  private @Nullable IoMemory memory;
  private @Nullable Groups groups;
  private @Nullable Interrupts interrupts;
  private @Nullable KernelConfig config;
  private @Nullable String commandLine;

  CaseReader(List<Path> paths) {
    this.paths = paths;
    this.path = paths.getFirst();
    this.root = path;
  }

  static boolean isCollection(Path path) {
    if (Files.isDirectory(path)) {
      return true;
    }
    try {
      Kind kind = kind(path);
      return kind == Kind.TAR || kind == Kind.ZIP;
    } catch (IOException e) {
      return false;
    }
  }

  static boolean holdsLog(Path folder) {
    if (!Files.isDirectory(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files.filter(Files::isRegularFile).limit(500).anyMatch(CaseReader::isReport);
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  static boolean isTrace(Path file) {
    try {
      Kind kind = kind(file);
      return kind == Kind.FTRACE || kind == Kind.QEMU_TRACE;
    } catch (IOException e) {
      return false;
    }
  }

  static boolean isReport(Path file) {
    try {
      return switch (kind(file)) {
        case KERNEL_LOG,
            FTRACE,
            QEMU_TRACE,
            LSPCI,
            IOMEM,
            GROUPS,
            INTERRUPTS,
            KERNEL_CONFIG,
            COMMAND_LINE,
            TABLE_TEXT,
            DMAR_TABLE ->
            true;
        default -> false;
      };
    } catch (IOException e) {
      return false;
    }
  }

  Case.Reading read() {
    for (Path each : paths) {
      if (!Files.exists(each)) {
        return bad("There is no file or folder %s.", "没有文件或文件夹 %s。", each);
      }
      try {
        collect(each);
      } catch (IOException | UncheckedIOException e) {
        return bad("%s cannot be read: %s.", "%s 无法读取：%s。", each, WhyNot.reading(e));
      }
    }
    try {
      loose();
    } catch (IOException e) {
      note("The texts cannot be put together: %s.", "这些文本无法合在一起：%s。", WhyNot.reading(e));
    }
    return result();
  }

  private void collect(Path each) throws IOException {
    if (Files.isDirectory(each)) {
      folder(each);
      return;
    }
    Kind kind = kind(each);
    if (kind == Kind.TAR || kind == Kind.ZIP) {
      archive(each, kind);
      return;
    }
    root = each;
    boolean before = debugfs;
    debugfs = false;
    file(each, String.valueOf(each.getFileName()));
    if (debugfs) {
      looseTexts.add(each);
    }
    debugfs |= before;
    switch (kind) {
      case ELF_CORE, LIME_IMAGE, BINARY -> looseDumps.add(each);
      case REGISTERS, DEBUGFS -> looseRegisters.add(each);
      default -> {}
    }
  }

  private void archive(Path each, Kind kind) throws IOException {
    ScratchFolder unpacked;
    try (InputStream raw = FileInput.open(each);
        InputStream in = Archive.plain(raw)) {
      unpacked = Archive.unpack(in, kind == Kind.TAR ? Archive.Form.TAR : Archive.Form.ZIP);
    }
    try (unpacked) {
      folder(unpacked.path());
    }
  }

  /** Texts of one moment that came one by one, and dumps whose registers came beside them. */
  private void loose() throws IOException {
    if (looseTexts.size() == 1) {
      root = looseTexts.getFirst();
      debugfs(root);
    } else if (looseTexts.size() > 1) {
      try (ScratchFolder together = ScratchFolder.make("texts")) {
        for (int i = 0; i < looseTexts.size(); i++) {
          Files.write(together.path().resolve("text-" + i), bytes(looseTexts.get(i)));
        }
        debugfs(together.path());
      }
    }
    for (Path dump : looseDumps) {
      boolean known =
          snapshots.stream()
              .anyMatch(one -> one.source().equals(String.valueOf(dump.getFileName())));
      for (Path registers : known ? List.<Path>of() : looseRegisters) {
        if (Evidence.open(dump, registers) instanceof Snapshot snapshot) {
          String name = String.valueOf(dump.getFileName());
          notes.removeIf(note -> note.english().contains(name));
          snapshots.add(snapshot.named(name));
          break;
        }
      }
    }
  }

  private static Case.Bad bad(String english, String chinese, Object... arguments) {
    return new Case.Bad(Bilingual.of(english, chinese, arguments));
  }

  private Case.Reading result() {
    boolean empty =
        snapshots.isEmpty()
            && logs.isEmpty()
            && dmar == null
            && traces.isEmpty()
            && devices == null
            && memory == null
            && interrupts == null
            && config == null
            && groups == null;
    if (empty) {
      Bilingual seen =
          files.isEmpty()
              ? new Bilingual("it holds no files", "其中没有文件")
              : Bilingual.of(
                  files.size() == 1 ? "it holds %d file, %s" : "it holds %d files, the first is %s",
                  files.size() == 1 ? "其中有 %d 个文件，是%s" : "其中有 %d 个文件，第一个是%s",
                  files.size(),
                  files.getFirst().kind().words());
      Bilingual why =
          notes.isEmpty() ? Bilingual.same("") : Bilingual.of(" (%s)", "（%s）", notes.getFirst());
      return bad(
          "There is nothing about an IOMMU in %s: %s%s.",
          "%s 中没有关于 IOMMU 的内容：%s%s。", path, seen, why);
    }
    KernelLog only = silent;
    if (logs.isEmpty() && only != null) {
      logs.add(only);
    }
    logs.sort(
        Comparator.comparingLong(KernelLog::faultCount)
            .thenComparingLong(KernelLog::bytes)
            .reversed());
    return new Case.Good(
        new Case(
            path.toString(),
            files,
            texts,
            snapshots,
            logs,
            traces,
            Optional.ofNullable(dmar),
            Optional.ofNullable(devices),
            Optional.ofNullable(memory),
            Optional.ofNullable(groups),
            Optional.ofNullable(interrupts),
            Optional.ofNullable(config),
            Optional.ofNullable(commandLine),
            notes));
  }

  private void folder(Path folder) throws IOException {
    root = folder;
    debugfs = false;
    List<Path> all;
    try (Stream<Path> walk = Files.walk(folder, DEPTH)) {
      all = walk.filter(Files::isRegularFile).sorted().limit(MOST_FILES).toList();
    }
    for (Path file : all) {
      String name = folder.relativize(file).toString();
      try {
        file(file, name);
      } catch (IOException e) {
        note("%s cannot be read: %s.", "%s 无法读取：%s。", name, WhyNot.reading(e));
      }
    }
    if (debugfs) {
      debugfsFolders(all);
    }
  }

  private void note(String english, String chinese, Object... arguments) {
    if (notes.size() < MOST_NOTES) {
      notes.add(Bilingual.of(english, chinese, arguments));
    }
  }

  /** Why a dump or a text of tables cannot be used, with the name that the case has for it. */
  private void unread(Path file, String name, String sentence) {
    String own = sentence.replace(file.toString(), name);
    note("%s", "%s 无法使用：%s", new Bilingual(own, name), own);
  }

  private static Kind kind(Path file) throws IOException {
    byte[] head = head(file);
    return Content.of(head, head.length < Content.ENOUGH ? head.length : Files.size(file));
  }

  private static byte[] head(Path file) throws IOException {
    try (InputStream raw = FileInput.open(file);
        InputStream in = Archive.plain(raw)) {
      return in.readNBytes(Content.ENOUGH);
    }
  }

  /** Files from several places may have one name; in the case each has its own. */
  private String own(String name) {
    String own = name;
    for (int i = 2; !names.add(own); i++) {
      own = name + " (" + i + ")";
    }
    return own;
  }

  private void file(Path file, String wanted) throws IOException {
    String name = own(wanted);
    Kind kind = kind(file);
    files.add(new SourceFile(name, kind, Files.size(file)));
    switch (kind) {
      case KERNEL_LOG -> log(file, name);
      case FTRACE, QEMU_TRACE -> traces.add(Trace.read(file).named(name));
      case ELF_CORE, LIME_IMAGE, KDUMP -> dump(file, name);
      case DMAR_TABLE -> {
        byte[] table = bytes(file);
        dmar = Dmar.parse(table).table().orElse(dmar);
      }
      case TABLE_TEXT ->
          TableText.find(text(file))
              .flatMap(found -> Dmar.parse(found.bytes()).table())
              .ifPresent(table -> dmar = table);
      case DEBUGFS -> debugfs = true;
      case LSPCI -> devices(kept(file, name));
      case IOMEM -> {
        IoMemory read = IoMemory.read(kept(file, name));
        memory = memory != null || read.ranges().isEmpty() ? memory : read;
      }
      case GROUPS -> {
        Groups read = Groups.read(kept(file, name));
        groups = read.members().isEmpty() ? groups : read;
      }
      case INTERRUPTS -> {
        Interrupts read = Interrupts.read(kept(file, name));
        interrupts = read.rows().isEmpty() ? interrupts : read;
      }
      case KERNEL_CONFIG -> {
        KernelConfig read = KernelConfig.read(kept(file, name));
        config = read.options().isEmpty() ? config : read;
      }
      case COMMAND_LINE -> commandLine = kept(file, name).strip();
      case GZIP, XZ, TAR, ZIP, REGISTERS, SCRIPT, JOURNAL, JSON, TEXT, EMPTY, BINARY -> {}
    }
  }

  private void devices(String text) {
    PciList read = PciList.read(text);
    PciList before = devices;
    boolean more =
        before == null
            || read.devices().size() > before.devices().size()
            || read.devices().values().stream().anyMatch(device -> device.driver().isPresent());
    if (more && !read.devices().isEmpty()) {
      devices = read;
    }
  }

  private void log(Path file, String name) throws IOException {
    try (InputStream raw = FileInput.open(file);
        InputStream in = Archive.plain(raw)) {
      KernelLog read = KernelLog.read(in, name);
      if (read.isAboutRemapping()) {
        logs.add(read);
      } else if (silent == null || silent.bytes() < read.bytes()) {
        silent = read;
      }
    }
  }

  /** Of several forms of one dump in a folder the first counts. */
  private void dump(Path file, String name) {
    if (!dumpFolders.add(String.valueOf(file.getParent()))) {
      return;
    }
    switch (Evidence.open(file)) {
      case Snapshot snapshot -> snapshots.add(snapshot.named(name));
      case BadEvidence(String sentence) -> unread(file, name, sentence);
    }
  }

  /** Texts that lie in one folder, or below it, belong to one moment. */
  private void debugfsFolders(List<Path> all) throws IOException {
    var tops = new ArrayList<Path>();
    for (Path file : all) {
      Path parent = file.getParent();
      boolean below = parent != null && tops.stream().anyMatch(parent::startsWith);
      if (!below && kind(file) == Kind.DEBUGFS && parent != null) {
        tops.removeIf(top -> top.startsWith(parent));
        tops.add(parent);
      }
    }
    tops.forEach(this::debugfs);
  }

  private void debugfs(Path where) {
    if (debugfs) {
      switch (Evidence.open(where)) {
        case Snapshot snapshot -> snapshots.add(snapshot.named(shown(where)));
        case BadEvidence(String sentence) -> unread(where, shown(where), sentence);
      }
    }
  }

  private String shown(Path where) {
    return where.startsWith(root) && !where.equals(root)
        ? root.relativize(where).toString()
        : String.valueOf(path.getFileName());
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream raw = FileInput.open(file);
        InputStream in = Archive.plain(raw)) {
      return in.readNBytes(LARGEST_TEXT);
    }
  }

  /** A small text, kept so that the lines of findings can be shown. */
  private String kept(Path file, String name) throws IOException {
    String text = text(file);
    if (text.length() <= LARGEST_KEPT && texts.size() < MOST_KEPT) {
      texts.put(name, text);
    }
    return text;
  }

  private static String text(Path file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8).replace("\r\n", "\n");
  }
}
