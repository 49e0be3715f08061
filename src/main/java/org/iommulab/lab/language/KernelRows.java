package org.iommulab.lab.language;

import static org.iommulab.lab.language.Parts.content;
import static org.iommulab.lab.language.Parts.count;
import static org.iommulab.lab.language.Parts.expression;
import static org.iommulab.lab.language.Parts.length;
import static org.iommulab.lab.language.Parts.name;
import static org.iommulab.lab.language.Parts.optionalExpression;
import static org.iommulab.lab.language.Parts.optionalHex;
import static org.iommulab.lab.language.Parts.optionalName;
import static org.iommulab.lab.language.Parts.optionalText;
import static org.iommulab.lab.language.Parts.rest;
import static org.iommulab.lab.language.Parts.text;
import static org.iommulab.lab.language.Parts.textOr;
import static org.iommulab.lab.language.Parts.texts;
import static org.iommulab.lab.language.Parts.word;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Boot, system calls, and functions called by their names. */
final class KernelRows {

  /** The longest read of a file a script may ask for, in bytes. */
  private static final int LONGEST_READ = 16384;

  private static final int LONGEST_LOAD = 1 << 20;

  private static final List<List<String>> CONTENTS =
      List.of(List.of("u64"), List.of("hex"), List.of("struct", "arg"));

  private KernelRows() {}

  static List<Operation<?>> all() {
    return Stream.of(files(), memory(), List.of(ProgramRow.row(), failNth(), call()))
        .<Operation<?>>flatMap(List::stream)
        .toList();
  }

  private static List<Operation<?>> files() {
    return List.of(
        Operation.of(
                "linux.boot",
                Command.LinuxBoot.class,
                "Boots the kernel.",
                textOr("cmdline", ""),
                walker(),
                optionalText("era")
                    .note(
                        "a version such as `6.3`; one in between stands for the era before, and"
                            + " `note` says so"),
                rest(BootFields.BOOT))
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`, `translating`, `problem`, `note`")
            .example("{'op':'linux.boot','cmdline':'intel_iommu=on'}"),
        Operation.of(
                "open", Command.Open.class, "The process opens a file.", text("path"), name("as"))
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`")
            .example("{'op':'open','path':'/dev/iommu','as':'iommu'}"),
        Operation.of(
                "ioctl",
                Command.Ioctl.class,
                "A system call on an open file.",
                word("fd"),
                text("cmd"),
                argument(),
                size(),
                optionalHex("tail"),
                optionalName("as"))
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`, `out` or `errno`, `cause`")
            .example("{'op':'ioctl','fd':'iommu','cmd':'IOMMU_IOAS_ALLOC','arg':{},'as':'ioas'}"),
        Operation.of("close", Command.Close.class, "The process closes a file.", word("fd"))
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`")
            .example("{'op':'close','fd':'iommu'}"),
        Operation.of(
                "read",
                Command.Read.class,
                "The process reads from a file.",
                word("fd"),
                length(0, LONGEST_READ),
                texts("struct"),
                optionalName("as"))
            .someOf("len", "struct")
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`, `out.hex` or `out.records`")
            .example("{'op':'read','fd':'iommu','len':16}"),
        contents(
                Operation.of(
                    "write",
                    Command.Write.class,
                    "The process writes to a file.",
                    word("fd"),
                    content()))
            .is(Trait.REACHES_KERNEL)
            .answers("`ret`")
            .example("{'op':'write','fd':'iommu','hex':'00'}"),
        Operation.of(
                "poll",
                Command.Poll.class,
                "The process asks what a file is ready for.",
                word("fd"))
            .answers("`ret`, `out.revents`: `POLLIN`, `POLLOUT`")
            .example("{'op':'poll','fd':'iommu'}"));
  }

  private static List<Operation<?>> memory() {
    return List.of(
        Operation.of(
                "user.alloc",
                Command.UserAlloc.class,
                "The process gets memory.",
                name("as"),
                count("len").in("bytes"),
                rest(BootFields.USER_ALLOC))
            .answers("`out.addr`")
            .example("{'op':'user.alloc','as':'buf','len':65536}"),
        Operation.of(
                "user.free",
                Command.UserFree.class,
                "The process gives memory back.",
                word("at"),
                optionalExpression("len"))
            .answers("`ret`")
            .example("{'op':'user.free','at':'buf'}"),
        contents(
                Operation.of(
                    "user.write",
                    Command.UserWrite.class,
                    "The process stores bytes or structures.",
                    word("at"),
                    content()))
            .example("{'op':'user.write','at':'buf','hex':'00'}"),
        Operation.of(
                "user.read",
                Command.UserRead.class,
                "The process loads bytes or structures.",
                word("at"),
                length(1, LONGEST_LOAD),
                texts("struct"),
                optionalName("as"))
            .someOf("len", "struct")
            .answers("`hex` or `records`")
            .example("{'op':'user.read','at':'buf','len':16}"));
  }

  private static <L extends Line> Operation<L> contents(Operation<L> row) {
    return row.oneOf(CONTENTS.get(0), CONTENTS.get(1), CONTENTS.get(2));
  }

  private static Operation<Command.FailNth> failNth() {
    return Operation.of(
            "fail_nth",
            Command.FailNth.class,
            "Makes the n-th allocation of the kernel from now on fail; 0: none.",
            expression("n"))
        .answers("`out.remaining`, `out.failed`")
        .example("{'op':'fail_nth','n':1}");
  }

  private static Operation<Command.Call> call() {
    Part<Map<String, Object>> args =
        Part.of(
            Field.of("args", Kind.OBJECT).optional(),
            f -> f.mapOrEmpty("args"),
            (v, to) -> to.put("args", v));
    return Operation.of(
            "call",
            Command.Call.class,
            "Calls a kernel or VMM function by its name.",
            text("fn"),
            args,
            optionalName("as"))
        .is(Trait.REACHES_KERNEL)
        .answers("as `ioctl`")
        .example(
            "{'op':'call','fn':'vfio_dma_map','args':"
                + "{'iova':'0x0','size':'0x1000','vaddr':'buf','readonly':false}}");
  }

  /** Which walkers there are is the kernel's business: it complains at boot. */
  private static Part<String> walker() {
    return Part.of(
        Field.choice("walker", "classic", "generic_pt").optional(),
        f -> f.textOr("walker", "classic"),
        (v, to) -> to.put("walker", v));
  }

  private static Part<Object> argument() {
    return Part.of(
        Field.of("arg", Kind.ANY)
            .optional()
            .note("the structure's fields, or the bare third argument"),
        f -> {
          Object arg = f.has("arg") ? f.any("arg") : Map.of();
          if (arg instanceof Map || arg instanceof Long || arg instanceof String) {
            return arg;
          }
          throw new Complaint(
              "ioctl: \"arg\" must be an object with the structure's fields",
              "ioctl：\"arg\" 必须是包含该结构体各字段的对象");
        },
        (v, to) -> to.put("arg", v));
  }

  private static Part<@Nullable Long> size() {
    return Part.of(
        Field.of("size", Kind.NUMBER).optional(),
        f -> f.numberOrNull("size"),
        (v, to) -> Parts.optional(to, "size", v));
  }
}
