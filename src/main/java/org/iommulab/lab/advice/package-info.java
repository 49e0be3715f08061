/**
 * The advisor: says when something suspicious happens, with the rule, the evidence, the source and
 * a fix that is a command. Its doors are Advisor, Advice and Rules. May import {@code
 * lab.language}, {@code lab.machine}, {@code lab.run} and the floors below.
 */
package org.iommulab.lab.advice;
