"""Common given names of India and of English speakers: what a column of people begins with."""

from context_store.names import word_set

GIVEN_NAMES = word_set(
    "aarav aditi aditya ajay akash akshay amit amita anand anil anita anjali ankit ankita anu "
    "arjun arun aruna asha ashish ashok bhavna deepa deepak dev divya farhan fatima gaurav gautam "
    "geeta gopal hari harish imran isha ishaan jaya jyoti kabir kajal karan kavita kiran kishore "
    "krishna kunal lakshmi lalit latha madhu mahesh manish manoj meena meera mohammed mohan "
    "mukesh nandini naveen neeraj neha nikhil nisha nitin pallavi pankaj pooja prakash pranav "
    "prashant pratik priya priyanka rahul raj raja rajesh raju rakesh ram ramesh rani ravi rekha "
    "ritu rohan rohit sachin sameer sandeep sanjay sanjana santosh saurabh shalini shankar shilpa "
    "shreya shweta simran sita sneha sonia srinivas subhash sudha sunil sunita suresh swati tanvi "
    "usha vandana varun venkat vijay vikas vikram vinay vinod vishal vivek yash zoya james john "
    "robert michael william david richard joseph thomas charles mary patricia jennifer linda "
    "elizabeth barbara susan jessica sarah karen lisa nancy margaret sandra ashley emily anna "
    "emma olivia daniel matthew anthony mark paul steven andrew kevin brian george edward peter "
    "maria "
)
