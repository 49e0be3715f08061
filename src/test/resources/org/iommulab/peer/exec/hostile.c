/*
 * A program that is no friend of whoever answers its accesses to mapped registers. Each mode ends with 0 if everything was as
 * on a machine with the device, or with the number of the line that was not.
 *
 *   hostile MODE
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP "/dev/vfio/3"
#define DEVICE "0000:00:06.0"
#define BYTES 65536
#define CHAINADDR 0x90
#define IOVA 0x100000
#define CHECK(yes) do { if (!(yes)) { fprintf(stderr, "line %d: %s\n", __LINE__, #yes); _exit(__LINE__ & 0xff ? __LINE__ & 0xff : 1); } } while (0)

static int container, group, device;
static volatile uint8_t *bar;

static volatile uint8_t *map(int fd)
{
	void *at = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	CHECK(at != MAP_FAILED);
	return at;
}

static void set_up(void)
{
	container = open("/dev/vfio/vfio", O_RDWR);
	group = open(GROUP, O_RDWR);
	CHECK(container >= 0 && group >= 0);
	CHECK(ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) == 0);
	CHECK(ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) == 0);
	device = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, DEVICE);
	CHECK(device >= 0);
	bar = map(device);
}

static uint32_t get32(unsigned at) { return *(volatile uint32_t *)(bar + at); }
static uint64_t get64(unsigned at) { return *(volatile uint64_t *)(bar + at); }
static void put8(unsigned at, uint8_t v) { *(volatile uint8_t *)(bar + at) = v; }
static void put16(unsigned at, uint16_t v) { *(volatile uint16_t *)(bar + at) = v; }
static void put64(unsigned at, uint64_t v) { *(volatile uint64_t *)(bar + at) = v; }

static int well(pid_t pid)
{
	int status;

	CHECK(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

/* ---- every kind of instruction gives on registers what it gives on memory ------------------------------------------------- */

struct state { uint64_t a, c, d, flags; uint8_t x[32]; };

#define KINDS(K) \
	K("mov (%[m]),%%al") K("mov (%[m]),%%ah") K("mov (%[m]),%%ax") K("mov (%[m]),%%eax") K("mov (%[m]),%%rax") \
	K("mov %%cl,(%[m])") K("mov %%ch,3(%[m])") K("mov %%cx,(%[m])") K("mov %%ecx,4(%[m])") K("mov %%rcx,(%[m])") \
	K("movb $0x7f,1(%[m])") K("movw $0x1234,2(%[m])") K("movl $0x12345678,(%[m])") K("movq $-2,(%[m])") \
	K("movzbl (%[m]),%%eax") K("movzwl (%[m]),%%eax") K("movsbq (%[m]),%%rax") K("movswl (%[m]),%%eax") K("movslq (%[m]),%%rax") \
	K("addl $5,(%[m])") K("orb $0x80,(%[m])") K("andl $0xfffffff0,(%[m])") K("xorq %%rcx,(%[m])") K("add (%[m]),%%eax") \
	K("subl %%ecx,(%[m])") K("cmpl $3,(%[m])") K("cmpb (%[m]),%%cl") K("cmpw $0x1234,(%[m])") K("cmpq %%rcx,(%[m])") \
	K("testb $1,(%[m])") K("testl $0x10000,(%[m])") K("test %%ecx,(%[m])") K("notl (%[m])") K("negl (%[m])") K("negb (%[m])") \
	K("incl (%[m])") K("decw (%[m])") K("stc\n\tadcl $0,(%[m])") K("stc\n\tsbbl %%ecx,(%[m])") K("xchg %%ecx,(%[m])") \
	K("lock xadd %%ecx,(%[m])") K("lock cmpxchg %%ecx,(%[m])") K("mov (%[m]),%%eax\n\tlock cmpxchg %%ecx,(%[m])") \
	K("btl $3,(%[m])") K("lock btsl $3,(%[m])") K("btrl $4,(%[m])") K("btcl $5,(%[m])") K("xor %%eax,%%eax\n\tsete (%[m])") \
	K("cmp %%ecx,%%ecx\n\tcmovne (%[m]),%%eax") K("cmp %%ecx,%%ecx\n\tcmove (%[m]),%%rax") K("movnti %%rcx,(%[m])") \
	K("movups (%[m]),%%xmm0") K("movups %%xmm1,(%[m])") K("movdqu %%xmm1,(%[m])") K("movq (%[m]),%%xmm0") K("movq %%xmm1,8(%[m])") \
	K("movd (%[m]),%%xmm0") K("movd %%xmm1,4(%[m])") K("movhps (%[m]),%%xmm0") K("movlps %%xmm1,(%[m])") K("movss (%[m]),%%xmm0") \
	K("movsd %%xmm1,(%[m])") K("movhps %%xmm1,(%[m])")

#define RUN(text) \
	asm volatile("movups %[x0],%%xmm0\n\tmovups %[x1],%%xmm1\n\t" text "\n\tpushfq\n\tpop %%rdx\n\tmovups %%xmm0,%[x0]\n\tmovups %%xmm1,%[x1]" \
		: "+a"(s->a), "+c"(s->c), "=d"(s->flags), [x0] "+m"(*(uint8_t (*)[16])s->x), [x1] "+m"(*(uint8_t (*)[16])(s->x + 16)) \
		: [m] "r"(at) : "memory", "cc", "xmm0", "xmm1")

/* Carries out the instruction of that number; how many there are. */
static unsigned once(unsigned kind, struct state *s, uint8_t *at)
{
	unsigned n = 0;

#define K(text) if (kind == n++) RUN(text);
	KINDS(K)
#undef K
	return n;
}

static void strings(struct state *s, uint8_t *at)
{
	uint8_t *si = at, *di = at;
	uint64_t c = 3;

	asm volatile("lodsb" : "+a"(s->a), "+S"(si) :: "memory");
	s->c = si - at;
	asm volatile("rep stosl" : "+D"(di), "+c"(c) : "a"(s->a) : "memory");
	s->d = di - at + c;
	di = at;
	si = s->x + 16;
	c = 16;
	asm volatile("rep movsb" : "+D"(di), "+S"(si), "+c"(c) :: "memory");
	si = at;
	di = s->x;
	c = 2;
	asm volatile("rep movsq" : "+D"(di), "+S"(si), "+c"(c) :: "memory");
	s->flags = si - at + c;
}

static void instructions(void)
{
	uint8_t memory[16] __attribute__((aligned(16)));
	uint8_t *registers = (uint8_t *)bar + CHAINADDR;
	unsigned kinds = once(-1u, NULL, NULL);

	for (unsigned kind = 0; kind <= kinds; kind++) {
		for (unsigned round = 0; round < 3; round++) {
			struct state real = { .a = 0x1122334455667788 * (round + 1), .c = 0x99aabbccddee0304 ^ round << 31 }, ours;
			uint8_t found[16];

			for (unsigned i = 0; i < 32; i++)
				real.x[i] = 17 * i + round;
			for (unsigned i = 0; i < 16; i++)
				memory[i] = round == 2 ? 0xff : 0x80 + 31 * i * (round + 1);
			for (unsigned i = 0; i < 16; i += 8)
				put64(CHAINADDR + i, *(uint64_t *)(memory + i));
			ours = real;
			if (kind == kinds) {
				strings(&real, memory);
				strings(&ours, registers);
			} else {
				once(kind, &real, memory);
				once(kind, &ours, registers);
			}
			for (unsigned i = 0; i < 16; i += 8)
				*(uint64_t *)(found + i) = get64(CHAINADDR + i);
			if (memcmp(&real, &ours, sizeof(real)) || memcmp(memory, found, 16)) {
				fprintf(stderr, "instruction %u, round %u: a %lx %lx, c %lx %lx, flags %lx %lx\n", kind, round, real.a, ours.a, real.c, ours.c,
					real.flags, ours.flags);
				_exit(1);
			}
		}
	}
	/* The C library's own ways to copy, whatever the processor has. */
	for (unsigned n = 1; n <= 16; n++) {
		uint8_t from[16], to[16];

		for (unsigned i = 0; i < 16; i++)
			from[i] = n + i;
		memcpy(registers, from, n);
		memcpy(to, registers, n);
		CHECK(memcmp(from, to, n) == 0);
	}
	memset(registers, 0x5a, 16);
	CHECK(get64(CHAINADDR + 8) == 0x5a5a5a5a5a5a5a5a);
	uint8_t all[256];
	memcpy(all, (void *)bar, sizeof(all));
	CHECK(all[8] == 0x32 && all[CHAINADDR] == 0x5a);
}

/* ---- many threads, processes and signals ------------------------------------------------------------------------------------ */

static void *touch(void *count)
{
	for (long i = 0; i < (long)count; i++) {
		CHECK((get32(8) & 0xff) == 0x32);
		put64(0x98, i);
	}
	return NULL;
}

static void threads(void)
{
	pthread_t all[64];

	for (int i = 0; i < 64; i++)
		CHECK(pthread_create(all + i, NULL, touch, (void *)20) == 0);
	for (int i = 0; i < 64; i++)
		CHECK(pthread_join(all[i], NULL) == 0);
}

static void forks(void)
{
	pid_t child[8], endless;

	for (int i = 0; i < 8; i++) {
		child[i] = fork();
		if (child[i] == 0) {
			pid_t below = fork();

			touch((void *)10);
			if (below == 0)
				_exit(5);
			_exit(well(below) == 5 ? 6 : 7);
		}
	}
	endless = fork();
	if (endless == 0)
		for (;;)
			touch((void *)1000);
	for (int i = 0; i < 8; i++)
		CHECK(well(child[i]) == 6);
	CHECK(kill(endless, SIGSTOP) == 0);
	int status;
	CHECK(waitpid(endless, &status, WUNTRACED) == endless && WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
	CHECK(kill(endless, SIGCONT) == 0);
	CHECK(kill(endless, SIGKILL) == 0);
	CHECK(well(endless) == 256 + SIGKILL);
	pid_t other = vfork();
	if (other == 0) {
		execlp("true", "true", NULL);
		_exit(1);
	}
	CHECK(well(other) == 0);
	/* A child is there for its parent as soon as its end can be seen. */
	pid_t quick = fork();
	if (quick == 0) {
		touch((void *)1);
		_exit(3);
	}
	siginfo_t info;
	CHECK(waitid(P_PID, quick, &info, WEXITED | WNOWAIT) == 0 && info.si_status == 3);
	CHECK(waitpid(quick, &status, WNOHANG) == quick);
}

static volatile sig_atomic_t counted, missed;

static void count(int sig) { (void)sig; counted++; }

static void miss(int sig, siginfo_t *info, void *context)
{
	static char page[4096] __attribute__((aligned(4096)));

	(void)sig; (void)context;
	missed++;
	/* Something for the instruction to find. */
	if (mmap((void *)((uintptr_t)info->si_addr & -4096UL), 4096, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED)
		_exit(9);
	(void)page;
}

static void *annoy(void *whom)
{
	for (int i = 0; i < 200; i++) {
		pthread_kill(*(pthread_t *)whom, SIGUSR1);
		usleep(100);
	}
	return NULL;
}

static void signals(void)
{
	struct sigaction a = { .sa_handler = count }, b = { .sa_sigaction = miss, .sa_flags = SA_SIGINFO };
	pthread_t me = pthread_self(), other;
	int empty = memfd_create("empty", 0);

	sigaction(SIGUSR1, &a, NULL);
	sigaction(SIGBUS, &b, NULL);
	CHECK(pthread_create(&other, NULL, annoy, &me) == 0);
	touch((void *)300);
	CHECK(pthread_join(other, NULL) == 0);
	CHECK(counted > 0 && missed == 0);
	/* A bus error that is the program's own stays its own. */
	volatile uint32_t *own = mmap(NULL, 4096, PROT_READ, MAP_SHARED, empty, 0);
	CHECK(own != MAP_FAILED);
	CHECK(*own == 0 && missed == 1);
	/* An instruction that nobody knows is told and the program gets the signal: x87 on a register. */
	asm volatile("fldl (%0)\n\tfstp %%st(0)" :: "r"(bar + CHAINADDR) : "memory");
	CHECK(missed == 2);
}

/* ---- descriptors -------------------------------------------------------------------------------------------------------- */

static void hand_over(int through, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	CHECK(sendmsg(through, &message, 0) == 1);
}

static int take_over(int through)
{
	char room[CMSG_SPACE(sizeof(int))], byte;
	struct iovec one = { &byte, 1 };
	struct msghdr message = { .msg_iov = &one, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room) };
	int fd;

	CHECK(recvmsg(through, &message, 0) == 1);
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return fd;
}

static void untold(void);

static void descriptors(void)
{
	int pair[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	pid_t child = fork();
	if (child == 0) {
		set_up();
		hand_over(pair[1], device);
		touch((void *)2);
		/* The mapping holds the device, whatever is closed. */
		close(container);
		close(group);
		close(device);
		touch((void *)2);
		_exit(0);
	}
	device = take_over(pair[0]);
	CHECK(well(child) == 0);
	bar = map(device);
	touch((void *)5);
	CHECK(pread(device, (void *)&child, 1, 8) == 1 && (child & 0xff) == 0x32);
	close(device);
	touch((void *)5);
	volatile uint8_t *moved = mremap((void *)bar, BYTES, BYTES / 2, 0);
	CHECK(moved == bar);
	touch((void *)5);
	munmap((void *)bar, BYTES / 2);
	/* Everything can be had anew. */
	set_up();
	untold();
	touch((void *)5);
	CHECK(munmap((void *)bar, BYTES) == 0);
	CHECK(fallocate(device, 0, 0, 4096) < 0);
	CHECK(ftruncate(device, 1 << 20) < 0);
}

/* ---- interrupts ------------------------------------------------------------------------------------------------------------ */

static int irq(int index, int action, int data, int count, int fd)
{
	struct { struct vfio_irq_set head; int fd; } set = { { sizeof(set.head) + (data == VFIO_IRQ_SET_DATA_EVENTFD ? 4 : 0), action | data, index, 0, count }, fd };

	return ioctl(device, VFIO_DEVICE_SET_IRQS, &set);
}

static uint64_t taken(int event, int wait)
{
	struct pollfd one = { event, POLLIN, 0 };
	uint64_t value = 0;

	if (poll(&one, 1, wait) == 1)
		CHECK(read(event, &value, 8) == 8);
	return value;
}

static uint64_t *memory;

/* One descriptor that moves eight bytes and interrupts. */
static void work(void)
{
	memory[0] = 8 | 1ull << 32;
	memory[1] = IOVA + 256;
	memory[2] = IOVA + 512;
	memory[3] = IOVA;
	memory[32] = 0x1234;
	put64(CHAINADDR, IOVA);
	put16(0x86, 1);
	while ((get64(0x88) & 7) == 0)
		;
	CHECK((get64(0x88) & 7) == 1);
	CHECK(memory[64] == 0x1234);
}

static void interrupts(void)
{
	struct vfio_iommu_type1_dma_map dma = { sizeof(dma), 3, 0, IOVA, 4096 };
	int event = eventfd(0, EFD_NONBLOCK), unmask = eventfd(0, EFD_NONBLOCK);
	uint64_t one = 1;

	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	dma.vaddr = (uintptr_t)memory;
	CHECK(ioctl(container, VFIO_IOMMU_MAP_DMA, &dma) == 0);
	/* MSI-X. */
	CHECK(irq(2, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_EVENTFD, 1, event) == 0);
	put8(3, 8);
	put16(0x80, 1);
	work();
	CHECK(taken(event, 5000) == 1);
	work();
	CHECK(taken(event, 0) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_EVENTFD, 1, event) < 0);
	CHECK(irq(2, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_NONE, 0, -1) == 0);
	/* The pin: one event, then nothing until it is unmasked. */
	put16(0x80, 1);
	put8(3, 1);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_EVENTFD, 1, event) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_EVENTFD, 1, unmask) == 0);
	work();
	CHECK(taken(event, 5000) == 1);
	CHECK((get32(3) & 0xff) == 7);
	CHECK(taken(event, 0) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) == 0);
	CHECK(taken(event, 5000) == 1);
	CHECK(write(unmask, &one, 8) == 8);
	CHECK(taken(event, 5000) == 1);
	CHECK(taken(unmask, 0) == 0);
	/* Served: unmasked, it is quiet. */
	put16(0x80, 1);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) == 0);
	CHECK(taken(event, 0) == 0);
	/* Masked by hand. */
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_MASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) == 0);
	work();
	CHECK(taken(event, 0) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) == 0);
	CHECK(taken(event, 5000) == 1);
	/* Switched off in the command register, it never comes. */
	put16(0x80, 1);
	uint16_t command = 0x406;
	CHECK(pwrite(device, &command, 2, (7ull << 40) + 4) == 2);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) == 0);
	work();
	CHECK(taken(event, 0) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_NONE, 0, -1) == 0);
	CHECK(irq(0, VFIO_IRQ_SET_ACTION_UNMASK, VFIO_IRQ_SET_DATA_NONE, 1, -1) < 0);
	/* A reset halts the engine. */
	CHECK(ioctl(device, VFIO_DEVICE_RESET) == 0);
	CHECK((get64(0x88) & 7) == 3 && get64(CHAINADDR) == 0);
}

/* ---- memory switched off, reset through configuration space, sleep ------------------------------------------------------- */

static sigjmp_buf back;

static void leap(int sig) { (void)sig; siglongjmp(back, 1); }

/* Whether a load from the registers is answered; otherwise it ends in SIGBUS. */
static int answers(void)
{
	if (sigsetjmp(back, 1))
		return 0;
	return get32(8) != 0;
}

static void configure(unsigned at, uint16_t value)
{
	CHECK(pwrite(device, &value, 2, (7ull << 40) + at) == 2);
}

static int feature(unsigned what, int fd)
{
	struct { struct vfio_device_feature head; int fd; int reserved; } low = { { sizeof(low), what }, fd, 0 };

	return ioctl(device, VFIO_DEVICE_FEATURE, &low);
}

static void power(void)
{
	struct sigaction a = { .sa_handler = leap };
	struct vfio_iommu_type1_dma_map dma = { sizeof(dma), 3, 0, IOVA, 4096 }, window = { sizeof(dma), 3, (uintptr_t)bar, 2 * IOVA, 4096 };
	struct vfio_iommu_type1_dma_unmap gone = { sizeof(gone), 0, 2 * IOVA, 4096 };
	struct vfio_device_info info = { sizeof(info) };
	int event = eventfd(0, EFD_NONBLOCK);
	uint16_t control;
	uint32_t word;

	sigaction(SIGBUS, &a, NULL);
	CHECK(answers());
	configure(4, 0x404);
	CHECK(!answers());
	CHECK(pread(device, &word, 4, 0) < 0 && errno == EIO);
	CHECK(ioctl(container, VFIO_IOMMU_MAP_DMA, &window) < 0 && errno == EFAULT);
	configure(4, 0x406);
	CHECK(answers());
	CHECK(ioctl(container, VFIO_IOMMU_MAP_DMA, &window) == 0);
	CHECK(ioctl(container, VFIO_IOMMU_UNMAP_DMA, &gone) == 0);
	/* A function-level reset by device control: registers go, messages stay. */
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	dma.vaddr = (uintptr_t)memory;
	CHECK(ioctl(container, VFIO_IOMMU_MAP_DMA, &dma) == 0);
	CHECK(irq(2, VFIO_IRQ_SET_ACTION_TRIGGER, VFIO_IRQ_SET_DATA_EVENTFD, 1, event) == 0);
	put64(CHAINADDR, IOVA);
	CHECK(pread(device, &control, 2, (7ull << 40) + 0x68) == 2);
	configure(0x68, control | 0x8000);
	CHECK(get64(CHAINADDR) == 0);
	CHECK(pread(device, &word, 2, (7ull << 40) + 0x68) == 2 && (uint16_t)word == control);
	put8(3, 8);
	put16(0x80, 1);
	work();
	CHECK(taken(event, 5000) == 1);
	/* It sleeps until it is woken; who asked for it is told of what else wakes it. */
	CHECK(feature(4 | 1 << 17, -1) < 0 && errno == EINVAL);
	CHECK(feature(4 | 1 << 17, device) < 0 && errno == EINVAL);
	CHECK(feature(4 | 1 << 17, 999) < 0 && errno == EBADF);
	CHECK(feature(4 | 1 << 17, event) == 0);
	CHECK(!answers());
	CHECK(taken(event, 0) == 0);
	CHECK(ioctl(device, VFIO_DEVICE_GET_INFO, &info) == 0);
	CHECK(taken(event, 5000) == 1);
	CHECK(answers());
	CHECK(feature(3 | 1 << 17, 0) == 0);
	CHECK(ioctl(device, VFIO_DEVICE_GET_INFO, &info) == 0);
	CHECK(!answers());
	CHECK(feature(5 | 1 << 17, 0) == 0);
	CHECK(answers());
	/* A second descriptor of the device: closing it does nothing to the first. */
	int second = ioctl(group, VFIO_GROUP_GET_DEVICE_FD, DEVICE);
	CHECK(second >= 0);
	put64(CHAINADDR, IOVA);
	close(second);
	CHECK(pread(device, &control, 2, (7ull << 40) + 4) == 2 && control == 0x406);
	CHECK(get64(CHAINADDR) == IOVA);
}

/* A descriptor that could not be told of is none. */
static void untold(void)
{
	uint32_t *queue = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int iommu = open("/dev/iommu", O_RDWR), next = dup(0);

	close(next);
	queue[0] = 16;
	CHECK(mprotect(queue, 4096, PROT_READ) == 0);
	CHECK(ioctl(iommu, _IO(';', 0x8e), queue) < 0 && errno == EFAULT);
	CHECK(dup(0) == next);
	close(next);
	CHECK(mprotect(queue, 4096, PROT_READ | PROT_WRITE) == 0);
	CHECK(ioctl(iommu, _IO(';', 0x8e), queue) == 0 && (int)queue[3] == next);
	CHECK(ioctl(group, VFIO_GROUP_GET_DEVICE_FD, (char *)16) < 0);
	CHECK(dup(0) == next + 1);
}

static void *killed(void *unused)
{
	(void)unused;
	for (;;)
		touch((void *)100);
	return NULL;
}

int main(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";
	pthread_t other;

	if (strcmp(mode, "descriptors") == 0) {
		descriptors();
		return 0;
	}
	set_up();
	if (strcmp(mode, "instructions") == 0)
		instructions();
	else if (strcmp(mode, "threads") == 0)
		threads();
	else if (strcmp(mode, "forks") == 0)
		forks();
	else if (strcmp(mode, "signals") == 0)
		signals();
	else if (strcmp(mode, "interrupts") == 0)
		interrupts();
	else if (strcmp(mode, "power") == 0)
		power();
	else if (strcmp(mode, "killed") == 0) {
		for (int i = 0; i < 8; i++)
			CHECK(pthread_create(&other, NULL, killed, NULL) == 0);
		touch((void *)50);
		kill(getpid(), SIGKILL);
	} else
		return 2;
	return 0;
}
